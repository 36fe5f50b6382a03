import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import Testing

/// Values of a COPY that are sent in pieces.
@Suite(.timeLimit(.minutes(2))) struct StreamedCopyTests {
    private func make(_ connection: PostgresConnection) async throws -> PostgresCopyTarget {
        try await connection.execute("CREATE TEMPORARY TABLE document (id int8, body bytea, note text, doc jsonb)")
        return .table("document", columns: ["id", "body", "note"])
    }

    private func count(_ connection: PostgresConnection) async throws -> Int {
        try await connection.query("SELECT count(*) FROM document").only().decode(Int.self)
    }

    @Test(arguments: LiveServer.allCases)
    func `rows with values in pieces lie among others`(server: LiveServer) async throws {
        let connection = try await server.connect()
        let target = try await make(connection)
        let shapes: [[Int]] = [[], [0], [1, 0], [300_000, 7, 70_000], [600_000]]
        let result = try await connection.copyIn(into: target) { writer in
            for (number, lengths) in shapes.enumerated() {
                try await writer.write(number, [1, 2] as [UInt8], "plain")
                try await writer.write(
                    [number + 100], sending: Pieces(lengths: lengths), byteCount: lengths.reduce(0, +), [nil])
            }
            try await writer.write(99, nil as [UInt8]?, "last")
        }
        #expect(result.rowCount == 2 * shapes.count + 1)
        for (number, lengths) in shapes.enumerated() {
            let body = try await connection.query("SELECT body FROM document WHERE id = \(number + 100)").only()
                .decode([UInt8].self)
            #expect(body == Pieces(lengths: lengths).bytes)
        }
        await connection.close()
    }

    @Test(arguments: LiveServer.allCases)
    func `text and jsonb are sent so too`(server: LiveServer) async throws {
        let connection = try await server.connect()
        _ = try await make(connection)
        let number = AsyncStream<[UInt8]> { continuation in
            continuation.yield(Array("12".utf8))
            continuation.yield(Array("345".utf8))
            continuation.finish()
        }
        try await connection.copyIn(into: .table("document", columns: ["doc", "note"])) { writer in
            try await writer.write([], sending: number, byteCount: 5, ["n"])
        }
        #expect(try await connection.query("SELECT doc::text FROM document").only().decode(String.self) == "12345")
        await connection.close()
    }

    @Test(arguments: LiveServer.allCases)
    func `a row that cannot be ended fails the COPY, whatever its closure does`(server: LiveServer) async throws {
        let connection = try await server.connect()
        let target = try await make(connection)
        let bad: [(Pieces, Int, [(any PostgresEncodable)?])] = [
            (Pieces(lengths: [400_000], failsAtEnd: true), 400_001, ["x"]), (Pieces(lengths: [5]), 6, ["x"]),
            (Pieces(lengths: [5]), 4, ["x"]), (Pieces(lengths: [5]), 5, []), (Pieces(lengths: [5]), 5, [1.5]),
            (Pieces(lengths: [5]), 5, ["x", "y"]),
        ]
        for (pieces, byteCount, trailing) in bad {
            do {
                try await connection.copyIn(into: target) { writer in
                    try await writer.write(1, [1] as [UInt8], "first")
                    try? await writer.write([2], sending: pieces, byteCount: byteCount, trailing)
                    try? await writer.write(3, [1] as [UInt8], "third")
                }
                Issue.record("\(byteCount), \(trailing.count) values were taken")
            } catch {
                #expect(error is PostgresError)
            }
            #expect(try await count(connection) == 0)
        }
        await connection.close()
    }

    /// Ten bytes at a time, each time after two rows were tried in the middle of their value.
    private struct Meddling: AsyncSequence {
        let writer: PostgresCopyWriter

        struct AsyncIterator: AsyncIteratorProtocol {
            let writer: PostgresCopyWriter
            var piecesLeft = 2

            mutating func next() async throws -> [UInt8]? { try await next(isolation: #isolation) }

            mutating func next(isolation actor: isolated (any Actor)?) async throws -> [UInt8]? {
                let row = await failure { try await writer.write(2, [2] as [UInt8], "second") }
                let value = await failure {
                    try await writer.write([3], sending: Pieces(lengths: [1]), byteCount: 1, ["third"])
                }
                #expect(row?.code == .connectionBusy && value?.code == .connectionBusy)
                piecesLeft -= 1
                return piecesLeft < 0 ? nil : [UInt8](repeating: 7, count: 10)
            }
        }

        func makeAsyncIterator() -> AsyncIterator { AsyncIterator(writer: writer) }
    }

    @Test(arguments: LiveServer.allCases)
    func `no row comes between the pieces of a value`(server: LiveServer) async throws {
        let connection = try await server.connect()
        let target = try await make(connection)
        try await connection.copyIn(into: target) { writer in
            try await writer.write([1], sending: Meddling(writer: writer), byteCount: 20, ["first"])
            try await writer.write(4, [4] as [UInt8], "fourth")
        }
        #expect(try await count(connection) == 2)
        await connection.close()
    }

    @Test(arguments: LiveServer.allCases)
    func `what is refused before the row was begun leaves the COPY as it is`(server: LiveServer) async throws {
        let connection = try await server.connect()
        let target = try await make(connection)
        let pieces = Pieces(lengths: [1]) { _ in Issue.record("the source was asked") }
        try await connection.copyIn(into: target) { writer in
            #expect(
                await failure { try await writer.write([], sending: pieces, byteCount: 1, []) }?.code
                    == .parameterInvalid)
            #expect(
                await failure { try await writer.write(["x"], sending: pieces, byteCount: 1) }?.code
                    == .parameterInvalid)
            #expect(await failure { try await writer.write([1], sending: pieces, byteCount: 1 << 31) } != nil)
            #expect(await failure { try await writer.write([1], sending: pieces, byteCount: -1) } != nil)
            try await writer.write(3, [1] as [UInt8], "third")
        }
        #expect(try await count(connection) == 1)
        try await connection.copyIn(into: .table("document", columns: ["doc"])) { writer in
            let error = await failure { try await writer.write([], sending: pieces, byteCount: .max) }
            #expect(error?.code == .parameterInvalid)
        }
        let error = await failure {
            try await connection.copyIn(into: target, as: .csv) { writer in
                try await writer.write([1], sending: pieces, byteCount: 1, ["x"])
            }
        }
        #expect(error?.code == .unsupported)
        await connection.close()
    }
}
