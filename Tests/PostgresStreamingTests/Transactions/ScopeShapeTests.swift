import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import Testing

/// Scopes in the shapes that programs write them in: that it compiles is half of each test.
@Suite(.timeLimit(.minutes(1))) struct ScopeShapeTests {
    private static let one: PostgresQuery = "INSERT INTO shape VALUES (1)"

    /// Runs `body` with a client whose sessions write to a table of the test's own, and checks how many rows that leaves.
    private func expectRows(_ count: Int, _ body: (PostgresClient, String) async throws -> Void) async throws {
        let server = try await LiveServer.postgres15.server
        let schema = "shape_\(UInt32.random(in: .min ... .max))"
        let url = "\(server.url)&options=-csearch_path%3D\(schema)"
        let client = try PostgresClient(url)
        try await client.execute("CREATE SCHEMA \(identifier: schema) CREATE TABLE shape (n int)")
        try await body(client, url)
        #expect(try await client.query("SELECT count(*) FROM shape").only().decode(Int.self) == count)
        try await client.execute("DROP SCHEMA \(identifier: schema) CASCADE")
        await client.close()
    }

    // In a child task that wants nothing, a scope whose only statement has a result needs `_ =`: with it these compile.

    @Test func `a child task of a group that wants nothing holds a scope of one statement`() async throws {
        try await expectRows(6) { client, url in
            let configuration = try PostgresConfiguration(connectionString: url)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { _ = try await client.withTransaction { try await $0.execute(Self.one) } }
                group.addTask { _ = try await client.withRetryingTransaction { try await $0.execute(Self.one) } }
                group.addTask { try await client.withConnection { _ = try await $0.execute(Self.one) } }
                group.addTask { try await client.withAdvisoryLock("shape") { _ = try await $0.execute(Self.one) } }
                group.addTask {
                    _ = try await PostgresConnection.withConnection(url) { try await $0.execute(Self.one) }
                }
                group.addTask { try await configuration.withConnection { _ = try await $0.execute(Self.one) } }
                try await group.waitForAll()
            }
        }
    }

    @Test func `scopes nest in a child task`() async throws {
        try await expectRows(3) { client, _ in
            try await withThrowingDiscardingTaskGroup { group in
                group.addTask {
                    _ = try await client.withConnection { connection in
                        try await connection.withTransaction { try await $0.execute(Self.one) }
                    }
                }
                group.addTask {
                    _ = try await client.withConnection { connection in
                        try await connection.withAdvisoryLock(1) { try await $0.execute(Self.one) }
                    }
                }
                group.addTask {
                    try await client.withTransaction { transaction in
                        try await transaction.withSavepoint { _ = try await $0.execute(Self.one) }
                    }
                }
            }
        }
    }

    @Test func `bodies of several statements and dropped results`() async throws {
        try await expectRows(6) { client, url in
            let configuration = try PostgresConfiguration(connectionString: url)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    try await client.withTransaction { transaction in
                        try await transaction.execute(Self.one)
                        try await transaction.execute(Self.one)
                    }
                }
                group.addTask {
                    _ = try await client.withTransaction { transaction in
                        try await transaction.execute(Self.one)
                        return try await transaction.query("SELECT count(*) FROM shape").only().decode(Int.self)
                    }
                }
                try await group.waitForAll()
            }
            // Elsewhere nothing has to be said of a result that is not used.
            try await configuration.withConnection { try await $0.execute(Self.one) }
            try await PostgresConnection.withConnection(url) { try await $0.execute(Self.one) }
            try await PostgresClient.withClient(configuration) { client in
                try await client.execute(Self.one)
            }
        }
    }

    @Test func `results come out where they are wanted`() async throws {
        try await expectRows(1) { client, url in
            let tag = try await client.withTransaction { try await $0.execute(Self.one) }
            #expect(tag?.rows == 1)
            async let count = client.withConnection {
                try await $0.query("SELECT count(*) FROM shape").only().decode(Int.self)
            }
            #expect(try await count == 1)
            let sum = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 1...2 {
                    group.addTask {
                        try await PostgresConnection.withConnection(url) {
                            try await $0.query("SELECT n FROM shape").only().decode(Int.self)
                        }
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(sum == 2)
        }
    }

    private struct Mine: Error, Equatable {}

    private nonisolated(nonsending) static func fail(_ connection: PostgresConnection) async throws(Mine) {
        throw Mine()
    }

    @Test func `whatever a body throws comes out as it is, of every scope`() async throws {
        try await expectRows(0) { client, url in
            let configuration = try PostgresConfiguration(connectionString: url)
            await #expect(throws: Mine()) { try await client.withConnection(Self.fail) }
            await #expect(throws: Mine()) { try await client.withConnection(within: nil, Self.fail) }
            await #expect(throws: Mine()) { try await client.withConnection(label: "mine", Self.fail) }
            await #expect(throws: Mine()) { try await client.withAdvisoryLock("mine", Self.fail) }
            await #expect(throws: Mine()) { try await client.reader.withConnection { _ in throw Mine() } }
            await #expect(throws: Mine()) { try await configuration.withConnection(Self.fail) }
            await #expect(throws: Mine()) { try await PostgresConnection.withConnection(url, Self.fail) }
            await #expect(throws: Mine()) {
                try await client.withTransaction { transaction in
                    try await transaction.execute(Self.one)
                    throw Mine()
                }
            }
            await #expect(throws: Mine()) {
                try await client.withTransaction { transaction in
                    try await transaction.withSavepoint { _ in throw Mine() }
                }
            }
            await #expect(throws: Mine()) {
                try await PostgresClient.withClient(configuration) { client throws(Mine) in throw Mine() }
            }
        }
    }
}
