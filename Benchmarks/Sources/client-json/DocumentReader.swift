import Documents
import Foundation
import JSONTape

/// What is done with a document.
enum DocumentShape: String {
    /// Nothing.
    case bytes
    /// It is scanned, and no value looked at.
    case scan
    /// It becomes a struct that describes its members itself.
    case members
    /// It becomes a `Decodable` struct.
    case decodable
    /// The same by Foundation's JSONDecoder.
    case foundation
    /// It becomes a value of no type, of which three members are looked at.
    case dynamic
}

/// Reads one document after the other, in the shape that was chosen.
struct DocumentReader: ~Copyable {
    private let shape: DocumentShape
    private var tape = JSONTape()
    private let decoder = JSONDecoder()
    /// How many documents made sense.
    private(set) var understood = 0

    init(_ shape: DocumentShape) { self.shape = shape }

    mutating func read(_ document: RawSpan) throws {
        switch shape {
        case .bytes: understood += 1
        case .scan: if try tape.scan(document).kind == .object { understood += 1 }
        case .members: note(try tape.decode(Document.self, from: document).id)
        case .decodable: note(try tape.decode(CodableDocument.self, from: document).id)
        case .dynamic: note(try tape.decode(JSONValue.self, from: document)["id"]?.int ?? 0)
        case .foundation:
            // The bytes without a copy, as they lie.
            try unsafe document.withUnsafeBytes { bytes in
                guard let start = bytes.baseAddress else { return }
                let data = unsafe Data(
                    bytesNoCopy: UnsafeMutableRawPointer(mutating: start), count: bytes.count, deallocator: .none)
                note(try decoder.decode(CodableDocument.self, from: data).id)
            }
        }
    }

    @inline(never)
    private mutating func note(_ id: Int) { if id > 0 { understood += 1 } }
}
