import PostgresWire

/// The columns of a table that COPY is about: their names, and the types that their values have on the wire.
struct CopyColumns {
    private(set) var columns: [CopyColumn] = []

    /// Asks for the columns of a table that a COPY without a list of columns has, or for those that are named.
    ///
    /// - Throws: `server` for a table that does not exist, `columnMismatch` for a column that does not.
    nonisolated(nonsending) init(
        of table: PostgresIdentifier, _ names: [String]?,
        _ run: nonisolated(nonsending) (PostgresQuery) async throws(PostgresError) -> RowStream
    ) async throws(PostgresError) {
        for try await (name, type, isText) in try await run(Self.question(table)).decode((String, UInt32, Bool).self) {
            columns.append(CopyColumn(name: name, type: PostgresType(rawValue: type), isTextInBinary: isText))
        }
        guard let names else { return }
        let found = Dictionary(columns.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        columns = []
        for name in names {
            guard let column = found[name] else {
                throw PostgresError(
                    .columnMismatch, "the table has no column \(name.debugDescription) that can be copied",
                    hint:
                        "Names are as the catalog has them, in lower case unless they were quoted; generated columns have "
                        + "no values of their own.")
            }
            columns.append(column)
        }
    }

    /// Asks for the columns of a query's result, without running it.
    nonisolated(nonsending) init(
        of query: PostgresQuery,
        _ run: nonisolated(nonsending) (PostgresQuery) async throws(PostgresError) -> RowStream
    ) async throws(PostgresError) {
        let rows = try await run("SELECT * FROM (\(unsafeSQL: query.sql)\n) AS copied LIMIT 0")
        columns = rows.columns.map { CopyColumn(name: $0.name, type: $0.type) }
        _ = try await rows.collect()
    }

    /// Whether a query may be a part of another, as one that writes may not.
    static func mayBeAsked(_ query: PostgresQuery) -> Bool {
        let known = KnownStatement(KnownStatement.Key(sql: query.sql, types: []))
        return ["select", "values", "table"].contains(known.firstWord) && !query.sql.contains(";")
    }

    /// The types of domains are those that they are made of; what is received as text is known by its receive function.
    private static func question(_ table: PostgresIdentifier) -> PostgresQuery {
        """
        WITH RECURSIVE typed AS (
            SELECT a.attnum, a.attname, t.oid, t.typtype, t.typbasetype, t.typreceive
            FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
            WHERE a.attrelid = \(table.description)::text::regclass AND a.attnum > 0 AND NOT a.attisdropped
                AND a.attgenerated = ''
            UNION ALL
            SELECT typed.attnum, typed.attname, t.oid, t.typtype, t.typbasetype, t.typreceive
            FROM typed JOIN pg_catalog.pg_type t ON typed.typtype = 'd' AND t.oid = typed.typbasetype
        )
        SELECT attname::text, oid, typreceive::oid::regproc IN (
            'pg_catalog.textrecv'::regproc, 'pg_catalog.varcharrecv'::regproc, 'pg_catalog.bpcharrecv'::regproc,
            'pg_catalog.namerecv'::regproc, 'pg_catalog.enum_recv'::regproc, 'pg_catalog.json_recv'::regproc,
            'pg_catalog.xml_recv'::regproc, 'pg_catalog.unknownrecv'::regproc)
        FROM typed WHERE typtype <> 'd' ORDER BY attnum
        """
    }

    /// The columns as rows of the binary format are decoded with.
    var layout: ColumnLayout {
        ColumnLayout(
            columns.map { column in
                ColumnDescription(
                    name: column.name, tableOID: 0, columnNumber: 0, typeOID: column.type.rawValue, typeSize: -1,
                    typeModifier: -1, format: .binary)
            })
    }
}
