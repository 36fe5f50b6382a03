/// The bytes of a document that are known to be UTF-8, and the way from an offset to line and column.
///
/// Zeros follow the last byte, so that a reader may look ahead without asking for the end; a document holds none itself.
struct SourceText {
    /// The bytes, and the zeros after them.
    let bytes: [UInt8]
    /// Where the first character is, after a byte order mark.
    let start: Int
    /// The number of bytes of the document.
    let end: Int

    /// The last place that was asked for. Places are asked for in their order, so that counting lines and columns takes one
    /// pass over the document; only errors look back.
    private var known: Place

    private struct Place {
        var offset: Int
        var line = 1
        var column = 1
    }

    /// How many bytes a reader may look ahead.
    static let lookahead = 4

    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// Takes the bytes without looking at them.
    init(_ document: [UInt8]) {
        bytes = document + [UInt8](repeating: 0, count: Self.lookahead)
        end = document.count
        start = document.starts(with: Self.byteOrderMark) ? Self.byteOrderMark.count : 0
        known = Place(offset: start)
    }

    /// The format by the first character that is no white space.
    var format: ConfigFormat {
        let first = bytes[start..<end].first { !$0.isBlank }
        return first == .leftBrace || first == .leftBracket ? .json : .yaml
    }

    /// Line and column of an offset.
    mutating func position(at offset: Int) -> ConfigPosition {
        if offset < known.offset { known = Place(offset: start) }
        var place = known
        while place.offset < min(offset, end) {
            let byte = bytes[place.offset]
            if byte == .lineFeed {
                place.line += 1
                place.column = 1
            } else if byte & 0xC0 != 0x80 {
                place.column += 1
            }
            place.offset += 1
        }
        known = place
        return ConfigPosition(line: place.line, column: place.column)
    }

    /// The text of a range of bytes.
    func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
}
