/// Binds parameters to a statement and so makes a portal (manual: "Extended Query").
package struct Bind: FrontendMessage {
    /// The portal's name; empty for the unnamed one.
    package let portal: String
    /// The statement's name; empty for the unnamed one.
    package let statement: String
    /// The values of the statement's parameters.
    package let parameters: BoundParameters
    /// The formats of the result's columns: none for all text, one for all alike, or one for each.
    package let resultFormats: [FormatCode]

    /// Creates the message.
    package init(
        portal: String = "", statement: String = "", parameters: BoundParameters, resultFormats: [FormatCode] = []
    ) {
        self.portal = portal
        self.statement = statement
        self.parameters = parameters
        self.resultFormats = resultFormats
    }

    package func encode(into buffer: inout FrontendBuffer) throws(FrontendMessageError) {
        try buffer.message(UInt8(ascii: "B")) { body throws(FrontendMessageError) in
            try body.string(portal)
            try body.string(statement)
            try body.parameters(parameters)
            try body.formats(resultFormats)
        }
    }
}
