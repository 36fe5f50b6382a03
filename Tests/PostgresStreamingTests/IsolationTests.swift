import PostgresStreaming
import PostgresTestSupport
import Testing

/// A connection is consumed wherever it was opened: in an actor, on the main actor, in a task of its own.
@Suite(.timeLimit(.minutes(1))) struct IsolationTests {
    private actor Reader {
        private let connection: PostgresConnection
        private(set) var sum = 0

        init(_ live: LiveServer) async throws {
            connection = try await live.connect()
        }

        func read() async throws {
            for try await number in try await connection.query("SELECT generate_series(1, 1000)").decode(Int.self) {
                sum += number
            }
        }
    }

    @MainActor
    private final class Screen {
        var lines: [String] = []

        func show(_ live: LiveServer) async throws {
            let connection = try await live.connect()
            for try await row in try await connection.query("SELECT 'line ' || generate_series(1, 3)") {
                MainActor.assertIsolated()
                lines.append(try row.decode(String.self))
            }
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `an actor owns a connection and reads it`(_ live: LiveServer) async throws {
        let reader = try await Reader(live)
        try await reader.read()
        #expect(await reader.sum == 500_500)
    }

    @Test(arguments: LiveServer.allCases)
    func `rows reach the main actor without leaving it`(_ live: LiveServer) async throws {
        let screen = Screen()
        try await screen.show(live)
        #expect(await screen.lines == ["line 1", "line 2", "line 3"])
    }

    @Test(arguments: LiveServer.allCases)
    func `tasks of a group have a connection each`(_ live: LiveServer) async throws {
        let sum = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 1...10 {
                group.addTask {
                    let connection = try await live.connect()
                    return try await connection.query("SELECT \(number)").first()?.decode(Int.self) ?? 0
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(sum == 55)
    }

    @Test(arguments: LiveServer.allCases)
    func `a body on the event loop stays there and hands its result back`(_ live: LiveServer) async throws {
        let sum = try await PostgresConnection.onEventLoop {
            let connection = try await live.connect()
            var sum = 0
            for try await number in try await connection.query("SELECT generate_series(1, 1000)").decode(Int.self) {
                sum += number
            }
            await connection.close()
            return sum
        }
        #expect(sum == 500_500)
    }

    @Test(arguments: LiveServer.allCases)
    func `rows may be passed to other tasks while the stream goes on`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        let sum = try await withThrowingTaskGroup(of: Int.self) { group in
            for try await chunk in try await connection.query("SELECT generate_series(1, 100000)").chunks {
                group.addTask { try chunk.reduce(0) { try $0 + $1.decode(Int.self) } }
            }
            return try await group.reduce(0, +)
        }
        #expect(sum == 5_000_050_000)
    }
}
