/// Runs one or several statements by the simple query protocol (manual: "Simple Query").
package struct Query: FrontendMessage {
    package let sql: String

    package init(sql: String) {
        self.sql = sql
    }

    package func encode(into buffer: inout FrontendBuffer) throws(FrontendMessageError) {
        try buffer.message(UInt8(ascii: "Q")) { body throws(FrontendMessageError) in
            try body.string(sql)
        }
    }
}
