import PostgresWire

/// Reads the binary form of a value from left to right; nil wherever the bytes end too early. It borrows the bytes and
/// cannot be kept.
struct BinaryReader: ~Escapable {
    private let bytes: RawSpan
    /// `0 <= offset <= bytes.byteCount`
    private var offset = 0

    @_lifetime(copy bytes)
    init(_ bytes: RawSpan) { self.bytes = bytes }

    /// The number of bytes that are left.
    var count: Int { bytes.byteCount - offset }

    /// Whether nothing is left.
    var isAtEnd: Bool { offset == bytes.byteCount }

    /// Reads a big-endian integer.
    @_lifetime(self: copy self)
    mutating func integer<Integer: FixedWidthInteger & BitwiseCopyable>(
        _ type: Integer.Type = Integer.self
    ) -> Integer? {
        guard count >= MemoryLayout<Integer>.size else { return nil }
        defer { offset += MemoryLayout<Integer>.size }
        return bytes.bigEndian(at: offset)
    }

    /// Reads so many bytes.
    @_lifetime(self: copy self)
    @_lifetime(copy self)
    mutating func span(_ length: Int) -> RawSpan? {
        guard length >= 0, length <= count else { return nil }
        offset += length
        return bytes.extracting(offset - length..<offset)
    }

    /// Reads text up to a NUL, which is read and left out; nil also where it is not UTF-8.
    @_lifetime(self: copy self)
    mutating func cString() -> String? {
        var end = offset
        while end < bytes.byteCount, bytes.byte(at: end) != 0 { end += 1 }
        guard end < bytes.byteCount else { return nil }
        defer { offset = end + 1 }
        return bytes.extracting(offset..<end).validatedString()
    }
}
