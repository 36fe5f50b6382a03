import Glibc
import PostgresStreaming
import ProcessUsage

/// Streams JSON documents and does something with each. A program of its own, because it brings Foundation along.
///
///     client-json --url URL --sql SQL --shape bytes|scan|members|decodable|foundation
///     client-json --url URL --entity VIEW --shape bytes|members|decodable|dynamic
///
/// With an entity, FraiseWire reads it; without, the rows of the SQL are read by hand.
@main struct ClientJSON {
    static func main() async {
        do {
            let arguments = Dictionary(uniqueKeysWithValues: pairs(CommandLine.arguments.dropFirst()))
            guard let url = arguments["--url"], let shape = arguments["--shape"].flatMap(DocumentShape.init),
                arguments["--sql"] != nil || arguments["--entity"] != nil
            else {
                print("usage: client-json --url URL --sql SQL|--entity VIEW --shape bytes|scan|members|…")
                exit(2)
            }
            let (sql, entity) = (arguments["--sql"] ?? "", arguments["--entity"])
            let line = try await PostgresConnection.onEventLoop {
                if let entity { return try await FraiseReading.run(url, entity, shape) }
                return try await run(url, sql, shape)
            }
            print(line)
        } catch {
            let line = "client-json: \(error)\n"
            _ = unsafe write(STDERR_FILENO, line, line.utf8.count)
            exit(1)
        }
    }

    @concurrent
    private static func run(_ url: String, _ sql: String, _ shape: DocumentShape) async throws -> String {
        let connection = try await PostgresConnection.connect(url)
        let start = ProcessUsage.now
        let rows = try await connection.query(PostgresQuery(unsafeSQL: sql))
        var reader = DocumentReader(shape)
        var (count, bytes) = (0, 0)
        var first: Int64 = 0
        for try await chunk in rows.chunks {
            if count == 0 { first = ProcessUsage.clockNanoseconds - start.wallNanoseconds }
            for position in 0..<chunk.count {
                var cells = chunk.cells(position)
                guard let cell = try cells.nextBytes() else { continue }
                bytes += cell.byteCount
                // In binary a jsonb is its text behind the version of the format, one byte.
                try reader.read(cell.extracting(1..<cell.byteCount))
            }
            count += chunk.count
        }
        guard reader.understood == count else { throw Misread() }
        return "rows=\(count) bytes=\(bytes) sum=\(bytes) first_ns=\(first) \(start.fields(until: .now))"
    }

    /// A document made no sense.
    struct Misread: Error {}

    private static func pairs(_ words: some Sequence<String>) -> [(String, String)] {
        var pairs: [(String, String)] = []
        var iterator = words.makeIterator()
        while let name = iterator.next(), let value = iterator.next() { pairs.append((name, value)) }
        return pairs
    }
}
