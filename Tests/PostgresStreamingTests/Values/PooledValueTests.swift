import JSONTape
import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import Testing

/// Everyday values and documents behind a pooler that changes servers with every transaction.
@Suite(.timeLimit(.minutes(1))) struct PooledValueTests {
    private struct Order: Codable, Equatable {
        let id: Int
        let tags: [String]
    }

    private struct Sale: Decodable, Equatable {
        let document: Order
        @Exact var count: UInt8
        let time: Duration
    }

    @Test(arguments: LiveServer.allCases)
    func `they go and come as without one`(_ live: LiveServer) async throws {
        let order = Order(id: 7, tags: ["a", "b"])
        let query: PostgresQuery = """
            SELECT \(json: order) AS document, 200::int8 AS count, \(Duration.seconds(90))::interval AS time
            WHERE 3 = ANY(\(Set([3]))::int8[]) AND \(UInt16(5))::int4 = 5 AND \("name!".dropLast())::text = 'name'
                AND 4::int8 <@ \(1..<5)::int8range AND \(nil as (any PostgresEncodable)?)::text IS NULL
            """
        try await LivePooler.run(inFrontOf: live.server, PgBouncerOptions(poolMode: .transaction)) { pooler in
            var configuration = try PostgresConfiguration(connectionString: pooler.url())
            configuration.pooler = .transaction
            let connection = try await PostgresConnection.connect(configuration)
            for _ in 1...3 {
                let sale = try await connection.query(query).decode(Sale.self).only()
                #expect(sale.document == order && sale.count == 200 && sale.time == .seconds(90))
            }
            let rows = try await connection.withTransaction { transaction in
                try await transaction.query("SELECT \(json: order, as: .json), avg(n) FROM generate_series(1, 2) AS n")
                    .decode((PostgresJSON<Order>, Rounded<Float>).self).collect()
            }
            #expect(rows.count == 1 && rows[0].0.value == order && rows[0].1.value == 1.5)
            await connection.close()
        }
    }
}
