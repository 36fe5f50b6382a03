import Glibc
import PostgresStreaming
import ProcessUsage

/// Streams and decodes the narrow table in one of the library's shapes and prints what that took.
///
///     narrow <url> <rows | struct | tuple | chunks> <loop | pool>
@main struct Narrow {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 4, let shape = Shape(rawValue: arguments[2]) else {
            print("usage: narrow <url> <rows|struct|tuple|chunks> <loop|pool>")
            exit(2)
        }
        let url = arguments[1]
        let start = ProcessUsage.now
        let total: Total
        if arguments[3] == "loop" {
            total = try await PostgresConnection.onEventLoop { try await stream(url, shape) }
        } else {
            total = try await stream(url, shape)
        }
        print(ProcessUsage.line(rows: total.rows, sum: total.sum, since: start))
    }

    @concurrent
    static func stream(_ url: String, _ shape: Shape) async throws -> Total {
        let connection = try await PostgresConnection.connect(url)
        return try await shape.sum(connection.query("SELECT id, a, b FROM narrow"))
    }
}

/// What proves that every client saw the same rows.
struct Total: Sendable {
    var rows = 0
    var sum: Int64 = 0

    @inline(always)
    mutating func add(_ id: Int64, _ a: Int32, _ b: Double) {
        rows += 1
        sum &+= id &+ Int64(a) &+ Int64(b)
    }
}
