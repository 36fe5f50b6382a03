/// Makes a statement out of SQL (manual: "Extended Query").
package struct Parse: FrontendMessage {
    /// The statement's name; empty for the unnamed one.
    package let statement: String
    /// The SQL, of one command.
    package let sql: String
    /// The types of the first parameters; 0, or none at all, leaves a type to the server.
    package let parameterTypeOIDs: [UInt32]

    /// Creates the message.
    package init(statement: String = "", sql: String, parameterTypeOIDs: [UInt32] = []) {
        self.statement = statement
        self.sql = sql
        self.parameterTypeOIDs = parameterTypeOIDs
    }

    package func encode(into buffer: inout FrontendBuffer) throws(FrontendMessageError) {
        try buffer.message(UInt8(ascii: "P")) { body throws(FrontendMessageError) in
            try body.string(statement)
            try body.string(sql)
            try body.count(parameterTypeOIDs.count)
            for typeOID in parameterTypeOIDs { body.integer(typeOID) }
        }
    }
}
