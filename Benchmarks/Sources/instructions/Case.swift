import InstructionDocuments
import JSONTape
import PostgresStreaming
import PostgresWire

/// What is counted. All but the first go the whole way of a byte, from `recv` to the value.
enum Case: String, CaseIterable {
    /// Narrow rows into slabs and their offsets into the table, without driver and session.
    case framing
    /// Narrow rows by chunks that nobody looks into: what the library costs before a value is decoded.
    case chunks
    /// Narrow rows into a `RowDecodable`.
    case structs = "narrow-struct"
    /// Narrow rows into a tuple by the stream.
    case tuples = "narrow-tuple"
    /// Narrow rows into a `Decodable`.
    case codable = "narrow-codable"
    /// Rows of twelve columns of twelve types into a `RowDecodable`.
    case wide = "wide-struct"
    /// Rows of eight columns of fixed width, dates and the like, into a tuple.
    case fixed = "fixed-tuple"
    /// Narrow rows into a `RowDecodable`, with metrics and a name for the query.
    case structsCounted = "narrow-struct-metrics"
    /// Narrow rows by chunks that nobody looks into, with metrics.
    case chunksCounted = "chunks-metrics"
    /// Narrow rows as `Row`, each decoded into a tuple.
    case rows = "narrow-row"
    /// JSON documents as spans of the chunk.
    case jsonSpans = "json-spans"
    /// JSON documents as arrays of bytes.
    case jsonArrays = "json-arrays"
    /// JSON documents onto a tape.
    case jsonScan = "json-scan"
    /// JSON documents into structs that describe their members.
    case jsonStructs = "json-struct"
    /// JSON documents into `Decodable` structs.
    case jsonDecodable = "json-decodable"
    /// A text column into Strings.
    case strings = "text-string"
    /// Two integer columns in the text format.
    case integers = "text-integers"

    /// Where the connection counts what it does.
    var metrics: PostgresMetrics? { self == .structsCounted || self == .chunksCounted ? Self.registry : nil }
    /// It lives as long as the process does: that it goes away is not part of a stream.
    private static let registry = PostgresMetrics()

    var answer: Answer {
        switch self {
        case .framing, .chunks, .chunksCounted, .structs, .structsCounted, .tuples, .codable, .rows: .narrow
        case .wide: .wide
        case .fixed: .fixed
        case .jsonSpans, .jsonArrays: .documents
        case .jsonScan, .jsonStructs, .jsonDecodable: .members
        case .strings: .texts
        case .integers: .integers
        }
    }

    /// Reads the answer to its end; not for `framing`, which has no stream.
    @concurrent
    func read(_ rows: sending RowStream) async throws -> Total {
        var total = Total()
        switch self {
        case .framing: break
        case .chunks, .chunksCounted: for try await chunk in rows.chunks { total.add(chunk.count, rows: chunk.count) }
        case .structs, .structsCounted:
            for try await row in rows.decode(Narrow.self) { total.add(row.sum) }
        case .tuples:
            for try await (id, a, b) in rows.decode((Int64, Int32, Double).self) { total.add(Narrow.sum(id, a, b)) }
        case .rows:
            for try await row in rows {
                let (id, a, b) = try row.decode((Int64, Int32, Double).self)
                total.add(Narrow.sum(id, a, b))
            }
        case .codable:
            for try await row in rows.decode(CodableNarrow.self) { total.add(Narrow.sum(row.id, row.a, row.b)) }
        case .wide:
            for try await row in rows.decode(Wide.self) { total.add(row.sum) }
        case .fixed:
            typealias Fixed = (
                PostgresTimestampTZ, PostgresTimestamp, PostgresDate, PostgresTime, PostgresInterval, PostgresUUID,
                PostgresLSN, PostgresPoint
            )
            for try await row in rows.decode(Fixed.self) {
                total.add(Int(row.0.microsecondsSince2000 &+ row.1.microsecondsSince2000) &+ Int(row.6.position))
            }
        case .jsonSpans: try await readSpans(rows, into: &total)
        case .jsonArrays: for try await document in rows.decode([UInt8].self) { total.add(document.count) }
        case .jsonScan, .jsonStructs, .jsonDecodable: try await readDocuments(rows, into: &total)
        case .strings: for try await text in rows.decode(String.self) { total.add(text.utf8.count) }
        case .integers: for try await (id, a) in rows.decode((Int64, Int32).self) { total.add(Narrow.sum(id, a, 0)) }
        }
        return total
    }

    private func readSpans(_ rows: RowStream, into total: inout Total) async throws {
        for try await chunk in rows.chunks {
            for position in 0..<chunk.count {
                var cells = chunk.cells(position)
                total.add(try cells.nextBytes()?.byteCount ?? 0)
            }
        }
    }

    private func readDocuments(_ rows: RowStream, into total: inout Total) async throws {
        var tape = JSONTape()
        for try await chunk in rows.chunks {
            for position in 0..<chunk.count {
                var cells = chunk.cells(position)
                guard let cell = try cells.nextBytes() else { continue }
                // In binary a jsonb is its text behind the version of the format, one byte.
                let document = cell.extracting(1..<cell.byteCount)
                switch self {
                case .jsonScan: total.add(try tape.scan(document).byteOffset + 1)
                case .jsonStructs: total.add(try tape.decode(Document.self, from: document).id)
                default: total.add(try tape.decode(CodableDocument.self, from: document).id)
                }
            }
        }
    }
}

/// What shows that every row was read, and keeps the compiler from leaving the reading out.
struct Total: Sendable {
    private(set) var rows = 0
    private(set) var sum = 0

    @inline(always)
    mutating func add(_ value: Int, rows count: Int = 1) {
        rows += count
        sum &+= value
    }
}

/// A narrow row.
struct Narrow: RowDecodable {
    let sum: Int

    @inline(always)
    init(row: inout RowCursor) throws(PostgresError) {
        sum = Self.sum(try row.next(), try row.next(), try row.next())
    }

    @inline(always)
    static func sum(_ id: Int64, _ a: Int32, _ b: Double) -> Int { Int(id) &+ Int(a) &+ Int(b) }
}
