import Foundation
import Glibc
import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import Testing

/// What only a process of its own can show: how much memory a client takes, and what becomes of its query if it dies.
@Suite(.timeLimit(.minutes(2))) struct ClientProcessTests {
    private static let rowsOfManySizes: PostgresQuery =
        "SELECT repeat('x', (1.33 ^ n)::int) FROM generate_series(0, 62) n"

    @Test(.disabled(if: Sanitizer.isOn, "it judges memory"), arguments: LiveServer.allCases)
    func `resident memory stays within the limit and a little`(_ live: LiveServer) async throws {
        let url = try await live.server.url
        await #expect(processExitsWith: .success) { [url = url as String] in
            let limit = 8 << 20
            let connection = try await PostgresConnection.connect(url)
            #expect(try await total(try await connection.query("SELECT generate_series(1, 1000)")).count == 1_000)
            let before = try ProcessFigures.residentMax()
            let options = StreamOptions { $0.memoryMax = limit }
            var bytes = 0
            let error = await failure {
                let rows = try await connection.query(Self.rowsOfManySizes, options: options)
                for try await chunk in rows.chunks {
                    for index in chunk.indices {
                        var cells = chunk.cells(index)
                        bytes += try cells.nextBytes()?.byteCount ?? 0
                    }
                }
            }
            #expect(error?.code == .memoryLimitExceeded && bytes > limit)
            let taken = try ProcessFigures.residentMax() - before
            #expect(taken <= limit + 8 << 20, "\(taken) bytes")
            let rows = try await connection.query(
                "SELECT n::int8, repeat('y', 200) FROM generate_series(1, 500000) n", options: options)
            for try await chunk in rows.chunks { bytes += chunk.count }
            let takenAfter = try ProcessFigures.residentMax() - before
            #expect(takenAfter <= limit + 8 << 20, "\(takenAfter) bytes for any number of rows")
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `the query of a killed process ends within seconds`(_ live: LiveServer) async throws {
        let url = try await live.server.url
        let name = "killed client \(live)"
        let observer = try await live.connect()
        await #expect(processExitsWith: .signal(SIGKILL)) { [url = url as String, name = name as String] in
            let connection = try await PostgresConnection.connect(url)
            try await connection.execute("SELECT set_config('application_name', \(name), false)")
            let processID = try await connection.processID()
            let sleeper = Task { try await connection.execute("SELECT pg_sleep(3600)") }
            try await PostgresConnection.connect(url).expectBackend(processID) { $0.waitEvent == "PgSleep" }
            kill(getpid(), SIGKILL)
            _ = try await sleeper.value
        }
        let start = ContinuousClock.now
        var left = 1
        while left > 0, start.duration(to: .now) < .seconds(20) {
            try await observer.execute("SELECT pg_sleep(0.05)")
            left = try #require(
                try await observer.query("SELECT count(*) FROM pg_stat_activity WHERE application_name = \(name)")
                    .first()?.decode(Int.self))
        }
        #expect(left == 0)
        #expect(start.duration(to: .now) < .seconds(4), "the server looks once a second")
    }
}
