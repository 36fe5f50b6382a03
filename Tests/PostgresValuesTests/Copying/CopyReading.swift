import PostgresTestSupport
import PostgresValues
import PostgresWire
import Testing

/// What a reader made of some data: the records before its end or before what it refused.
struct CopyReading: Equatable, Sendable, CustomStringConvertible {
    var records: [[String?]] = []
    /// Where the records begin.
    var numbers: [Int] = []
    /// Whether every field is UTF-8 without a NUL.
    var isText = true
    var message: String?
    var code: PostgresError.Code?

    var description: String { "\(records)\(message.map { ", \($0)" } ?? "")" }

    /// Reads the pieces with a reader. Bytes that are no UTF-8 are shown as what Latin 1 makes of them.
    static func of<Reader: CopyReader>(_ reader: Reader, _ pieces: [[UInt8]]) -> CopyReading {
        var reader = reader
        var reading = CopyReading()
        do throws(PostgresError) {
            for piece in pieces {
                var offset = 0
                while try reader.next(in: piece.rawSpan, at: &offset) == .record { reading.note(reader) }
                #expect(offset == piece.count, "all bytes are read")
            }
            while try reader.finish() == .record { reading.note(reader) }
        } catch {
            reading.message = error.message
            reading.code = error.code
        }
        return reading
    }

    private mutating func note<Reader: CopyReader>(_ reader: Reader) {
        let record = reader.record
        numbers.append(record.number)
        records.append(
            (0..<record.count).map { index in
                guard let bytes = record.bytes(at: index) else { return nil }
                if bytes.contains(0) { isText = false }
                if let text = try? record.string(at: index) { return text }
                isText = false
                return String(String.UnicodeScalarView([UInt8](copying: bytes).map(Unicode.Scalar.init)))
            })
    }
}

/// Reads the data whole, byte by byte and cut in two at every place, which all have to give the same.
func read<Reader: CopyReader>(
    _ data: [UInt8], with reader: Reader, sourceLocation: SourceLocation = #_sourceLocation
) -> CopyReading {
    let whole = CopyReading.of(reader, [data])
    for pieces in ByteSplits.all(of: data) {
        let cut = CopyReading.of(reader, pieces)
        #expect(cut == whole, "cut as \(pieces.map(\.count))", sourceLocation: sourceLocation)
    }
    return whole
}
