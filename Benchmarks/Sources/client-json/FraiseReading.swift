import Documents
import FraiseWire
import JSONTape
import PostgresStreaming
import ProcessUsage

/// Streams the documents of an entity through FraiseWire, over a connection that is there already.
struct FraiseReading {
    private let client: FraiseClient
    private let entity: String
    private let start: ProcessUsage

    /// Runs the query in one shape and returns what was measured.
    @concurrent
    static func run(_ url: String, _ entity: String, _ shape: DocumentShape) async throws -> String {
        let client = FraiseClient(try PostgresConfiguration(connectionString: url))
        // A query would be answered with the recording where that is what answers.
        try await client.pool.withConnection { _ in }
        let reading = FraiseReading(client: client, entity: entity, start: ProcessUsage.now)
        let line = try await reading.read(shape)
        await client.close()
        return line
    }

    @concurrent
    private func read(_ shape: DocumentShape) async throws -> String {
        switch shape {
        case .bytes: try await read(client.queryBytes(entity)) { $0.count }
        case .members: try await read(client.query(entity, as: Document.self)) { $0.id }
        case .decodable: try await read(client.query(entity, as: CodableDocument.self)) { $0.id }
        case .dynamic:
            try await read(client.query(entity)) { value in
                // Three members of nine: who needs all of them has a struct.
                guard value["name"]?.string != nil, value.at("owner", "id")?.int != nil else { return 0 }
                return value["id"]?.int ?? 0
            }
        case .scan, .foundation: throw ShapeUnknown()
        }
    }

    /// A document makes sense where `weigh` returns a number above zero.
    @concurrent @inline(__always)
    private func read<Element>(_ query: FraiseQuery<Element>, _ weigh: @Sendable (Element) -> Int) async throws
        -> String
    {
        let stream = try await query.execute()
        var (count, understood) = (0, 0)
        var first: Int64 = 0
        for try await document in stream {
            if count == 0 { first = ProcessUsage.clockNanoseconds - start.wallNanoseconds }
            count += 1
            if weigh(document) > 0 { understood += 1 }
        }
        guard understood == count else { throw ClientJSON.Misread() }
        // A row of one cell comes with 11 bytes around it: type, length, number of cells, length of the cell.
        let bytes = stream.statistics.bytes - 11 * count
        return "rows=\(count) bytes=\(bytes) sum=\(bytes) first_ns=\(first) \(start.fields(until: .now))"
    }

    private struct ShapeUnknown: Error {}
}
