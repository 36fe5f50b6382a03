import PostgresWire

/// A `"char"`: one byte, as catalogues use it for kinds of things.
public struct PostgresChar: Hashable, Comparable, Sendable {
    /// The byte.
    public let byte: UInt8

    /// Creates a value from its byte.
    public init(_ byte: UInt8) { self.byte = byte }

    /// Orders by byte, as Postgres does.
    public static func < (left: PostgresChar, right: PostgresChar) -> Bool { left.byte < right.byte }
}

extension PostgresChar: TextForm, PostgresTextConvertible {
    /// Reads an ASCII character, nothing for the byte 0, or a backslash and three octal digits.
    public init?(_ description: String) { self.init(wholeText: description) }

    /// The character; nothing for the byte 0, and a backslash and three octal digits for what is not ASCII.
    public var description: String { text }

    init?(reading reader: inout TextReader) {
        guard let first = reader.byte() else {
            self.init(0)
            return
        }
        guard first == UInt8(ascii: "\\"), !reader.isAtEnd else {
            self.init(first)
            return
        }
        guard reader.next != UInt8(ascii: "\\"), let escaped = reader.escapedByte() else { return nil }
        self.init(escaped)
    }

    func write(to text: inout [UInt8]) {
        guard byte != 0 else { return }
        guard byte >= 0x80 else { return text.append(byte) }
        text.append(UInt8(ascii: "\\"))
        for shift: UInt8 in [6, 3, 0] { text.append(UInt8(ascii: "0") + (byte >> shift & 7)) }
    }
}

extension PostgresChar: PostgresDecodable {
    /// Decodes a `"char"`.
    public init(cell: borrowing PostgresCell) throws(PostgresError) {
        guard cell.type == .char else { throw cell.typeMismatch(PostgresChar.self) }
        guard cell.format == .binary else {
            self = try cell.text()
            return
        }
        guard cell.bytes.byteCount == 1 else { throw cell.malformed(PostgresChar.self) }
        self.init(cell.bytes.byte(at: 0))
    }

    /// `"char"`
    public static var postgresType: PostgresType { .char }

    /// Appends one byte.
    public func encode(into bytes: inout [UInt8]) { bytes.append(byte) }
}
