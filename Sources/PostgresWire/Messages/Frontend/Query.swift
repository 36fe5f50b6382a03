/// Runs one or several statements by the simple query protocol (manual: "Simple Query").
package struct Query: FrontendMessage {
    /// The SQL, of any number of commands.
    package let sql: String

    /// Creates the message.
    package init(sql: String) {
        self.sql = sql
    }

    package func encode(into buffer: inout FrontendBuffer) throws(FrontendMessageError) {
        try buffer.message(UInt8(ascii: "Q")) { body throws(FrontendMessageError) in
            try body.string(sql)
        }
    }
}
