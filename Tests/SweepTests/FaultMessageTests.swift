import PostgresStreaming
import PostgresTestSupport
import Testing

/// The fault proxy itself: it finds the messages of every way to speak, and does to them what it is told.
@Suite(.timeLimit(.minutes(1))) struct FaultMessageTests {
    private static let query: PostgresQuery = "SELECT n FROM generate_series(1, 3) AS n"

    /// Connects, plans a fault for what the server sends, and returns what a query comes to.
    private func numbers(
        _ way: Way, _ fault: Fault, after place: Fault.Place
    ) async throws -> Result<[Int], PostgresError> {
        let server = try await SweepServer.shared
        return try await FaultProxy.run(to: server.port, endingTLS: way.tlsEnd, seesMessages: true) { proxy in
            let configuration = server.configuration(way, through: proxy, number: server.nextNumber())
            let connection = try await PostgresConnection.connect(configuration)
            proxy.inject(fault, after: place, .toClient)
            do throws(PostgresError) {
                return .success(try await connection.query(Self.query).decode(Int.self).collect())
            } catch {
                return .failure(error)
            }
        }
    }

    // ParseComplete, BindComplete and RowDescription come before the rows.
    @Test(arguments: [Way.plain, .scram, .insideTLS])
    func `a message is left out, and only that one`(way: Way) async throws {
        #expect(try await numbers(way, .drop, after: .messages(4)).get() == [1, 3])
    }

    @Test(arguments: [Way.plain, .scram, .insideTLS])
    func `a message is passed twice, and only that one`(way: Way) async throws {
        #expect(try await numbers(way, .duplicate, after: .messages(4)).get() == [1, 2, 2, 3])
    }

    @Test(arguments: [Way.plain, .scram, .insideTLS])
    func `a byte is changed, and only that one`(way: Way) async throws {
        // ParseComplete, BindComplete, a description of one column, and all of the first row but its last byte.
        let result = try await numbers(way, .corrupt(bits: 4), after: .bytes(5 + 5 + 27 + 14))
        guard case .success(let numbers) = result else {
            Issue.record("\(result)")
            return
        }
        #expect(numbers == [5, 2, 3])
    }

    @Test(arguments: [Fault.corrupt(bits: 1), .drop, .duplicate])
    func `TLS notices whatever is done to a record`(fault: Fault) async throws {
        let server = try await SweepServer.shared
        try await FaultProxy.run(to: server.port, seesMessages: true) { proxy in
            let configuration = server.configuration(.tls, through: proxy, number: server.nextNumber())
            let connection = try await PostgresConnection.connect(configuration)
            proxy.inject(fault, after: .messages(0), .toClient)
            var error: PostgresError?
            do throws(PostgresError) {
                // The record that is there twice is the last one of its answer.
                for _ in 1...2 { _ = try await connection.query(Self.query).collect() }
            } catch let failure {
                error = failure
            }
            #expect(error?.isConnectionUsable == false)
        }
    }

    @Test(arguments: Way.allCases)
    func `a session that passes in pieces, or slowly, is a session`(way: Way) async throws {
        for fault in [Fault.split([1]), .split([2, 3]), .throttle(bytes: 60)] {
            #expect(try await numbers(way, fault, after: .bytes(0)).get() == [1, 2, 3])
        }
    }

    @Test func `a stall holds the bytes until it is over`() async throws {
        let server = try await SweepServer.shared
        try await FaultProxy.run(to: server.port, seesMessages: true) { proxy in
            var configuration = server.configuration(.plain, through: proxy, number: server.nextNumber())
            configuration.queryTimeout = .seconds(20)
            let connection = try await PostgresConnection.connect(configuration)
            for fault in [Fault.stall, .blackHole] {
                let stalled = proxy.inject(fault, after: .messages(2), .toClient)
                let resuming = Task {
                    await stalled.wait()
                    proxy.resume()
                }
                #expect(try await connection.query(Self.query).decode(Int.self).collect() == [1, 2, 3])
                await resuming.value
            }
            await connection.close()
            #expect(await proxy.waitUntilUnused(secondsMax: 10))
        }
    }
}
