import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import Testing

/// Rows as Swift values, copied into tables and out of them.
@Suite(.timeLimit(.minutes(1))) struct CopyRowsTests {
    private struct Order: RowEncodable, RowDecodable, Equatable {
        var id: Int
        var name: String?

        init(id: Int, name: String?) { (self.id, self.name) = (id, name) }

        init(row: inout RowCursor) throws(PostgresError) {
            id = try row.next()
            name = try row.next()
        }

        func encode(into row: inout CopyRow) throws(PostgresError) {
            try row.write(id)
            try row.write(name)
        }
    }

    private static let orders = (1...1000).map { Order(id: $0, name: $0 % 3 == 0 ? nil : "order \($0)") }

    private struct Orders: AsyncSequence, AsyncIteratorProtocol {
        var rest = CopyRowsTests.orders[...]
        func makeAsyncIterator() -> Orders { self }
        mutating func next() async throws -> Order? { rest.popFirst() }
    }

    @Test(arguments: LiveServer.allCases, [PostgresCopyFormat.binary, .text, .csv])
    func `structs go in and come out`(_ live: LiveServer, _ format: PostgresCopyFormat) async throws {
        let connection = try await live.connect()
        try await connection.execute("CREATE TEMPORARY TABLE target (id bigint, name text)")
        let result = try await connection.copyIn(into: .table("target"), as: format, from: Self.orders)
        #expect(result.rowCount == 1000)
        var told: [PostgresCopyProgress] = []
        let options = PostgresCopyInput { $0.bufferBytes = 1000 }
        try await connection.copyIn(into: .table("target"), as: format, from: Orders(), options: options) {
            told.append($0)
        }
        #expect(told.count > 5)
        #expect(told.map(\.bytes) == told.map(\.bytes).sorted())
        let rows = try await connection.copyRows(from: .query("SELECT id, name FROM target ORDER BY id, name"))
        #expect(rows.columns.map(\.name) == ["id", "name"])
        let back: [Order] = try await rows.decode(Order.self).collect()
        #expect(back == Self.orders.flatMap { [$0, $0] })
    }

    @Test(arguments: LiveServer.allCases)
    func `values are written as the types of their columns`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        try await connection.execute("CREATE DOMAIN pg_temp.quantity AS smallint CHECK (VALUE > 0)")
        try await connection.execute("CREATE DOMAIN pg_temp.many AS pg_temp.quantity")
        try await connection.execute("CREATE TYPE pg_temp.mood AS ENUM ('sad', 'happy')")
        try await connection.execute(
            """
            CREATE TEMPORARY TABLE target (
                a int, b pg_temp.many, c pg_temp.mood, d jsonb, e numeric, f float4, g varchar(5), h char(3), i int[],
                "J k" date, l int GENERATED ALWAYS AS (a + 1) STORED)
            """)
        try await connection.copyIn(into: .table("target")) { writer in
            try await writer.write(
                1, 2, "happy", #"{"a": 1}"#, 3, Float(1.5), "abcde", "x", [1, nil, 3], PostgresDate("2000-02-29"))
            try await writer.write(
                nil as Int?, nil as Int?, nil as String?, nil as String?, nil as Int?, nil as Float?, nil as String?,
                nil as String?, nil as [Int]?, nil as PostgresDate?)
        }
        let text = String(
            decoding: try await connection.copyOut("COPY target TO STDOUT").collect(), as: UTF8.self)
        #expect(
            text == """
                1\t2\thappy\t{"a": 1}\t3\t1.5\tabcde\tx  \t{1,NULL,3}\t2000-02-29
                \\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N

                """)
        let rows = try await connection.copyRows(from: .table("target", columns: ["J k", "c", "b"])).collect()
        #expect(try rows[0].decode((PostgresDate, String, Int).self) == (PostgresDate("2000-02-29"), "happy", 2))
    }

    @Test(arguments: LiveServer.allCases, [PostgresCopyFormat.binary, .csv])
    func `a value that does not fit its column is refused with row and column`(
        _ live: LiveServer, _ format: PostgresCopyFormat
    ) async throws {
        let connection = try await live.connect()
        try await connection.execute("CREATE TEMPORARY TABLE target (id int, name text)")
        let tooLarge = await failure {
            try await connection.copyIn(into: .table("target"), as: format) { writer in
                try await writer.write(1, "x")
                try await writer.write(1 << 40, "x")
            }
        }
        #expect(tooLarge?.code == .parameterInvalid)
        #expect(tooLarge?.message.contains("row 2") == true)
        #expect(tooLarge?.message.contains("\"id\"") == true)
        #expect(tooLarge?.isConnectionUsable == true)
        let tooFew = await failure {
            try await connection.copyIn(into: .table("target"), as: format) { try await $0.write(1) }
        }
        #expect(tooFew?.code == .columnMismatch)
        let tooMany = await failure {
            try await connection.copyIn(into: .table("target"), as: format) { try await $0.write(1, "x", 2) }
        }
        #expect(tooMany?.code == .columnMismatch)
        #expect(try await connection.query("SELECT count(*) FROM target").only().decode(Int.self) == 0)
    }

    @Test(arguments: LiveServer.allCases)
    func `a row that is refused may be left out, and the rest goes in`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        try await connection.execute("CREATE TEMPORARY TABLE target (id int, name text)")
        let result = try await connection.copyIn(into: .table("target", columns: ["id"])) { writer in
            for id in [1, 1 << 40, 3] { try? await writer.write(id) }
            #expect(writer.rowCount == 2)
        }
        #expect(result.rowCount == 2)
        #expect(try await connection.query("SELECT id FROM target").decode(Int.self).collect() == [1, 3])
    }

    @Test(arguments: LiveServer.allCases)
    func `tables and columns that are missing are named`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        try await connection.execute("CREATE TEMPORARY TABLE target (id int)")
        let table = await failure { try await connection.copyIn(into: .table("missing")) { _ in } }
        #expect(table?.sqlState == .undefinedTable)
        let column = await failure {
            try await connection.copyIn(into: .table("target", columns: ["id", "nome"])) { _ in }
        }
        #expect(column?.code == .columnMismatch)
        #expect(column?.message.contains("\"nome\"") == true)
        let rows = await failure { try await connection.copyRows(from: .table("missing")) }
        #expect(rows?.sqlState == .undefinedTable)
        let query = await failure { try await connection.copyRows(from: .query("SELECT 1/0 AS n")).collect() }
        #expect(query?.sqlState == .divisionByZero)
        #expect(try await connection.query("SELECT 1").only().decode(Int.self) == 1)
    }

    @Test(arguments: LiveServer.allCases)
    func `rows go through transactions and pools`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        try await connection.withTransaction { transaction in
            try await transaction.execute("CREATE TEMPORARY TABLE target (id bigint, name text)")
            let options = PostgresCopyInput { $0.server.freeze = true }
            try await transaction.execute("TRUNCATE target")
            try await transaction.copyIn(into: .table("target"), from: Self.orders, options: options)
            let rows = try await transaction.copyRows(from: .table("target"))
            #expect(try await rows.decode((Int, String?).self).first()?.0 == 1)
        }
        let client = try PostgresClient(try await live.server.url)
        let name = "copied_\(UInt32.random(in: 0 ... .max))"
        try await client.execute("CREATE TABLE \(PostgresIdentifier(name)) (id bigint, name text)")
        try await client.copyIn(into: .table(PostgresIdentifier(name)), from: Self.orders)
        let rows = try await client.copyRows(from: .table(PostgresIdentifier(name))).collect()
        #expect(rows.count == 1000)
        let data = try await client.copyOut(from: .table(PostgresIdentifier(name), columns: ["id"])).collect()
        #expect(String(decoding: data, as: UTF8.self) == Self.orders.map { "\($0.id)\n" }.joined())
        try await client.execute("DROP TABLE \(PostgresIdentifier(name))")
        #expect(await client.close())
    }

    @Test(arguments: LiveServer.allCases, [PostgresCopyFormat.binary, .text])
    func `progress is told at the end too, however few the rows`(
        _ live: LiveServer, _ format: PostgresCopyFormat
    ) async throws {
        let connection = try await live.connect()
        try await connection.execute("CREATE TEMPORARY TABLE target (id bigint, name text)")
        var told: [PostgresCopyProgress] = []
        let result = try await connection.copyIn(into: .table("target"), as: format, from: [(1, "x"), (2, "y")]) {
            told.append($0)
        }
        #expect(told.map(\.rowCount) == [2])
        #expect(told.last?.bytes == result.sentBytes)
        try await connection.copyIn(into: .table("target"), as: format, from: Orders()) { told.append($0) }
        #expect(told.map(\.rowCount) == [2, 1000])
    }

    @Test(arguments: LiveServer.allCases, [PostgresCopyFormat.text, .csv])
    func `values are not written in an encoding that they are not in`(
        _ live: LiveServer, _ format: PostgresCopyFormat
    ) async throws {
        let connection = try await live.connect()
        try await connection.execute("CREATE TEMPORARY TABLE target (name text)")
        var latin1 = format
        latin1.encoding = "LATIN1"
        let written = await failure {
            try await connection.copyIn(into: .table("target"), as: latin1) { try await $0.write("é") }
        }
        #expect(written?.code == .queryInvalid)
        let read = await failure {
            try await connection.copyOut(from: .table("target"), as: latin1).forEachRecord(of: latin1) { _ in }
        }
        #expect(read?.code == .queryInvalid)
        let data = try await connection.copyOut(from: .query("SELECT 'é'"), as: latin1).collect()
        #expect(data == [0xE9, 0x0A])
        #expect(try await connection.query("SELECT count(*) FROM target").only().decode(Int.self) == 0)
    }
}
