/// Asks for the description of a statement or a portal (manual: "Extended Query").
package struct Describe: FrontendMessage {
    /// What to describe.
    package let target: StatementOrPortal

    /// Creates the message.
    package init(target: StatementOrPortal) {
        self.target = target
    }

    package func encode(into buffer: inout FrontendBuffer) throws(FrontendMessageError) {
        try buffer.message(UInt8(ascii: "D")) { body throws(FrontendMessageError) in
            body.integer(target.typeByte)
            try body.string(target.name)
        }
    }
}
