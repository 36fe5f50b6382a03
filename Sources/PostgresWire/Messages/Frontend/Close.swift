/// Closes a statement or a portal (manual: "Extended Query").
package struct Close: FrontendMessage {
    /// What to close.
    package let target: StatementOrPortal

    /// Creates the message.
    package init(target: StatementOrPortal) {
        self.target = target
    }

    package func encode(into buffer: inout FrontendBuffer) throws(FrontendMessageError) {
        try buffer.message(UInt8(ascii: "C")) { body throws(FrontendMessageError) in
            body.integer(target.typeByte)
            try body.string(target.name)
        }
    }
}
