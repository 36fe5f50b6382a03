/// What a COPY out of the server reads: a table, or the result of a query.
public struct PostgresCopySource: Sendable {
    private enum Kind {
        case table(CopyTable)
        case query(PostgresQuery)
    }

    private let kind: Kind

    /// A table with the named columns, all of them where none are named.
    public static func table(_ name: PostgresIdentifier, columns: [String]? = nil) -> PostgresCopySource {
        PostgresCopySource(kind: .table(CopyTable(name: name, columns: columns)))
    }

    /// A table by its name, in a schema or where the search path finds it, with the named columns or all.
    public static func table(
        _ name: String, in schema: String? = nil, columns: [String]? = nil
    ) -> PostgresCopySource {
        table(PostgresIdentifier(name, in: schema), columns: columns)
    }

    /// The result of a query without parameters: `.query("SELECT id, name FROM customer WHERE age >= 18")`.
    ///
    /// COPY takes no parameters, so that a query with some is refused with `queryInvalid`.
    public static func query(_ query: PostgresQuery) -> PostgresCopySource {
        PostgresCopySource(kind: .query(query))
    }

    /// The table's name and columns, where the source is a table; nil columns for all.
    package var table: (name: PostgresIdentifier, columns: [String]?)? {
        if case .table(let table) = kind { (table.name, table.columns) } else { nil }
    }

    /// The query, where the source is one.
    package var query: PostgresQuery? { if case .query(let query) = kind { query } else { nil } }

    /// Returns the statement that copies to the client.
    ///
    /// - Throws: `queryInvalid` for options that the server would refuse, and for a query that cannot be copied.
    package func statement(as format: PostgresCopyFormat) throws(PostgresError) -> String {
        try format.validate(copyingIn: false)
        let options = CopyOptionList(format, copyingIn: false, options: nil).sql
        switch kind {
        case .table(let table): return "COPY \(try table.sql()) TO STDOUT \(options)"
        case .query(let query):
            var sql = Substring(try query.copySQL())
            while let last = sql.last, last.isWhitespace || last == ";" { sql.removeLast() }
            guard !sql.isEmpty else { throw .copyRefused("the query is empty") }
            // A comment at the end would hide the parenthesis.
            return "COPY (\(sql)\(sql.utf8.contains(UInt8(ascii: "-")) ? "\n" : "")) TO STDOUT \(options)"
        }
    }
}

/// Where a COPY into the server goes: a table, and the columns of which the data has values.
public struct PostgresCopyTarget: Sendable {
    private let table: CopyTable

    /// A table, or a view with a trigger that takes the rows; all columns where none are named.
    public static func table(_ name: PostgresIdentifier, columns: [String]? = nil) -> PostgresCopyTarget {
        PostgresCopyTarget(table: CopyTable(name: name, columns: columns))
    }

    /// A table by its name, in a schema or where the search path finds it; all columns where none are named.
    public static func table(
        _ name: String, in schema: String? = nil, columns: [String]? = nil
    ) -> PostgresCopyTarget {
        table(PostgresIdentifier(name, in: schema), columns: columns)
    }

    /// The table's name.
    package var name: PostgresIdentifier { table.name }

    /// The names of the columns; nil for all.
    package var columns: [String]? { table.columns }

    /// Returns the statement that copies from the client.
    ///
    /// - Throws: `queryInvalid` for options that the server would refuse.
    package func statement(
        as format: PostgresCopyFormat, options: PostgresCopyOptions = PostgresCopyOptions()
    ) throws(PostgresError) -> String {
        try format.validate(copyingIn: true)
        try options.validate(for: format)
        let list = CopyOptionList(format, copyingIn: true, options: options).sql
        let sql = "COPY \(try table.sql()) FROM STDIN \(list)"
        guard let filter = options.filter else { return sql }
        return "\(sql) WHERE \(try filter.copySQL())"
    }
}

/// A table with a choice of its columns.
private struct CopyTable: Sendable {
    let name: PostgresIdentifier
    let columns: [String]?

    func sql() throws(PostgresError) -> String {
        let columns = try columnsSQL()
        return try nameSQL() + (columns.map { " (\($0))" } ?? "")
    }

    func nameSQL() throws(PostgresError) -> String {
        for part in name.names { try CopyOptionList.check(name: part, "the table") }
        return name.sql
    }

    func columnsSQL() throws(PostgresError) -> String? {
        guard let columns else { return nil }
        guard !columns.isEmpty else {
            throw .copyRefused("the list of columns is empty", hint: "Leave it out to copy all columns.")
        }
        for column in columns { try CopyOptionList.check(name: column, "a column") }
        return CopyOptionList.names(columns)
    }
}

extension PostgresQuery {
    /// Returns the SQL for a place within a COPY, which takes no parameters.
    fileprivate func copySQL() throws(PostgresError) -> String {
        if let failure { throw failure }
        guard parameterCount == 0 else {
            throw .copyRefused(
                "the SQL has parameters, and COPY takes none",
                hint: "Write constants into the SQL, or copy a temporary table that a query with parameters filled.")
        }
        let sql = sql
        guard !sql.utf8.contains(0) else { throw .copyRefused("there is a NUL in the SQL") }
        return sql
    }
}
