import Glibc
import PostgresStreaming
import ProcessMemory

/// Streams a result far larger than the memory it takes, in the chunks in which it arrives.
///
///     swift run -c release --package-path Examples StreamLargeTable postgres://user@localhost/database 5000000
@main
struct StreamLargeTable {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count > 1, let count = arguments.count > 2 ? Int(arguments[2]) : 5_000_000, count > 0 else {
            print("usage: StreamLargeTable URL [ROWS]")
            exit(2)
        }
        let url = arguments[1]
        do {
            // The task runs where the socket is read: no other thread takes part, and nothing is handed over.
            let totals = try await PostgresConnection.onEventLoop { try await stream(count, from: url) }
            report(totals)
        } catch {
            print("could not stream: \(error)")
            exit(1)
        }
    }

    struct Totals {
        var rows = 0
        var sum = 0
        var textBytes = 0
        var elapsed = Duration.zero
    }

    /// Written `nonisolated(nonsending)`, so that it runs where its caller runs, with any compiler settings.
    nonisolated(nonsending) static func stream(_ count: Int, from url: String) async throws -> Totals {
        var totals = Totals()
        let start = ContinuousClock.now
        let connection = try await PostgresConnection.connect(url)
        let rows = try await connection.query("SELECT n, 'row number ' || n FROM generate_series(1, \(count)) AS n")
        for try await chunk in rows.chunks {
            for index in chunk.indices {
                // Cells borrow from the chunk: no allocation, no reference count.
                var cells = chunk.cells(index)
                totals.sum += try cells.next(Int.self)
                totals.textBytes += try cells.nextBytes()?.byteCount ?? 0
            }
            totals.rows += chunk.count
        }
        await connection.close()
        totals.elapsed = ContinuousClock.now - start
        return totals
    }

    static func report(_ totals: Totals) {
        let rate = Int(Double(totals.rows) / (totals.elapsed / .seconds(1)))
        print("\(totals.rows) rows, sum \(totals.sum), \(totals.textBytes) bytes of text")
        print("\(rate) rows/s, at most \(ProcessMemory.residentBytesMax >> 20) MB resident")
    }
}
