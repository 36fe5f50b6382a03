extension NoticeFields {
    /// The severity in English, such as "ERROR", "FATAL" or "NOTICE".
    ///
    /// Servers before 9.6 send it only in the language of their messages; then it is that.
    package var severity: String? { self[UInt8(ascii: "V")] ?? localizedSeverity }

    /// The severity in the language of the server's messages.
    package var localizedSeverity: String? { self[UInt8(ascii: "S")] }

    /// The SQLSTATE of the error or warning (manual: "PostgreSQL Error Codes").
    package var sqlState: String? { self[UInt8(ascii: "C")] }

    /// The primary message.
    package var message: String? { self[UInt8(ascii: "M")] }

    /// A second message with more about the problem.
    package var detail: String? { self[UInt8(ascii: "D")] }

    /// What to do about the problem.
    package var hint: String? { self[UInt8(ascii: "H")] }

    /// Where in the query string the error is, in characters from 1.
    package var position: Int? { self[UInt8(ascii: "P")].flatMap { Int($0) } }

    /// Where in `internalQuery` the error is, in characters from 1.
    package var internalPosition: Int? { self[UInt8(ascii: "p")].flatMap { Int($0) } }

    /// The text of a command that the server made up itself and that failed, as in a PL/pgSQL function.
    package var internalQuery: String? { self[UInt8(ascii: "q")] }

    /// Where the error came about: the call stack of functions and internal queries, most recent first.
    package var context: String? { self[UInt8(ascii: "W")] }

    /// The schema of the object that the error is about.
    package var schema: String? { self[UInt8(ascii: "s")] }

    /// The table that the error is about.
    package var table: String? { self[UInt8(ascii: "t")] }

    /// The column that the error is about.
    package var column: String? { self[UInt8(ascii: "c")] }

    /// The data type that the error is about.
    package var dataType: String? { self[UInt8(ascii: "d")] }

    /// The constraint that the error is about.
    package var constraint: String? { self[UInt8(ascii: "n")] }

    /// The source file of the server where the error was reported.
    package var file: String? { self[UInt8(ascii: "F")] }

    /// The line of `file`.
    package var line: Int? { self[UInt8(ascii: "L")].flatMap { Int($0) } }

    /// The function of the server that reported the error.
    package var routine: String? { self[UInt8(ascii: "R")] }

    /// Returns the value of the first field with `code`.
    package subscript(code: UInt8) -> String? {
        fields.first { $0.code == code }?.value
    }
}
