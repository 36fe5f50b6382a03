/// Runs a portal (manual: "Extended Query").
package struct Execute: FrontendMessage {
    /// The portal's name; empty for the unnamed one.
    package let portal: String
    /// The most rows to return before PortalSuspended; 0 for all.
    package let maximumRows: Int32

    /// Creates the message.
    package init(portal: String = "", maximumRows: Int32 = 0) {
        self.portal = portal
        self.maximumRows = maximumRows
    }

    package func encode(into buffer: inout FrontendBuffer) throws(FrontendMessageError) {
        try buffer.message(UInt8(ascii: "E")) { body throws(FrontendMessageError) in
            try body.string(portal)
            body.integer(maximumRows)
        }
    }
}
