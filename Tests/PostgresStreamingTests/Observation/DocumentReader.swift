import Foundation
import PostgresStreaming

/// Reads JSON documents from chunks, as a client for documents does, and reports what only he knows.
struct DocumentReader {
    private struct Document: Decodable {
        let id: Int
    }

    let control: StreamControl
    /// The documents that passed the predicate.
    private(set) var count = 0

    init(control: StreamControl) { self.control = control }

    mutating func read(_ chunk: RowChunk) throws {
        var (decoded, filtered) = (0, 0)
        var times = (parse: Int64(0), filter: Int64(0))
        for row in chunk {
            let text = try row.decode(String.self)
            let start = ContinuousClock.now
            guard let document = try? JSONDecoder().decode(Document.self, from: Data(text.utf8)) else {
                control.noteMalformedDocument()
                control.noteNotDecoded(PostgresError(.valueMalformed, "a document is no JSON"), into: Document.self)
                continue
            }
            let parsed = ContinuousClock.now
            decoded += 1
            if document.id.isMultiple(of: 3) { filtered += 1 }
            times = (Self.nanoseconds(start, parsed), Self.nanoseconds(parsed, .now))
        }
        control.noteFiltered(filtered)
        control.noteParseTime(nanoseconds: times.parse)
        control.noteFilterTime(nanoseconds: times.filter)
        control.noteDecoded(decoded, into: Document.self, nanoseconds: times.parse)
        count += decoded - filtered
    }

    private static func nanoseconds(_ start: ContinuousClock.Instant, _ end: ContinuousClock.Instant) -> Int64 {
        Int64((end - start) / .nanoseconds(1))
    }
}
