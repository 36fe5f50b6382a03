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
        var times = (parse: Duration.zero, filter: Duration.zero)
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
            times = (parsed - start, ContinuousClock.now - parsed)
        }
        control.noteFiltered(filtered)
        control.noteParseTime(times.parse)
        control.noteFilterTime(times.filter)
        control.noteDecoded(decoded, into: Document.self, oneIn: times.parse)
        count += decoded - filtered
    }
}
