/// Reads the fields of one backend message from front to back.
///
/// Every read is bounded by the message's own body; a field that does not fit is a `ProtocolViolation`, and so are
/// bytes that no field claims.
package struct MessageReader: ~Escapable {
    private let body: RawSpan
    private let name: StaticString
    /// The bytes read so far: `0 <= offset <= body.byteCount`.
    private var offset = 0

    /// Creates a reader of `body`, the bytes after the length of the message called `name` in the manual.
    @_lifetime(copy body)
    package init(_ body: RawSpan, of name: StaticString) {
        self.body = body
        self.name = name
    }

    /// The bytes not yet read.
    package var remaining: Int { body.byteCount - offset }

    /// Reads an Int8 or Byte1 field.
    @_lifetime(self: copy self)
    package mutating func uint8() throws(ProtocolViolation) -> UInt8 {
        try integer()
    }

    /// Reads an integer in network byte order.
    @_lifetime(self: copy self)
    package mutating func integer<Integer: FixedWidthInteger & BitwiseCopyable>(
        _ type: Integer.Type = Integer.self
    ) throws(ProtocolViolation) -> Integer {
        try require(MemoryLayout<Integer>.size)
        defer { offset += MemoryLayout<Integer>.size }
        return body.bigEndian(at: offset)
    }

    /// Reads a count of items that take at least `itemBytes` each; an Int16 unless told otherwise.
    ///
    /// The count is believed only if so many items fit into what is left, so nothing is ever allocated by a mere claim.
    @_lifetime(self: copy self)
    package mutating func count<Integer: FixedWidthInteger & BitwiseCopyable>(
        _ type: Integer.Type = Int16.self, itemBytes: Int
    ) throws(ProtocolViolation) -> Int {
        let claim = try integer(type)
        guard let count = Int(exactly: claim), count >= 0, count <= remaining / itemBytes else {
            throw malformed("announces more items than it holds")
        }
        return count
    }

    /// Reads a String field: bytes up to a NUL. Bytes that are not UTF-8 become U+FFFD.
    ///
    /// Of a longer field only the first `bytesMax` bytes are decoded, less a character that they would cut in two.
    @_lifetime(self: copy self)
    package mutating func string(bytesMax: Int = .max) throws(ProtocolViolation) -> String {
        guard let end = body.firstIndex(of: 0, from: offset) else {
            throw malformed("holds a string without its terminator")
        }
        defer { offset = end + 1 }
        let kept = end - offset <= bytesMax ? end : characterStart(before: offset + bytesMax)
        return unsafe body.extracting(offset..<kept).withUnsafeBytes { bytes in
            unsafe String(decoding: bytes, as: UTF8.self)
        }
    }

    /// Returns `cut`, or the start of the UTF-8 sequence that a cut there would break.
    private func characterStart(before cut: Int) -> Int {
        var start = cut
        // A sequence has at most three continuation bytes; more are not UTF-8 and may be cut anywhere.
        while start > cut - 3, start > offset, body.byte(at: start) & 0xC0 == 0x80 { start -= 1 }
        return start
    }

    /// Reads a value: an Int32 length and that many bytes. Only the length −1 is NULL.
    @_lifetime(self: copy self)
    package mutating func value() throws(ProtocolViolation) -> [UInt8]? {
        let length = Int(try integer(Int32.self))
        guard length != -1 else { return nil }
        return [UInt8](copying: try bytes(length))
    }

    /// Reads exactly `count` bytes as a view into the message.
    @_lifetime(self: copy self)
    @_lifetime(copy self)
    package mutating func bytes(_ count: Int) throws(ProtocolViolation) -> RawSpan {
        guard count >= 0 else { throw malformed("holds a negative length") }
        try require(count)
        defer { offset += count }
        return body.extracting(offset..<offset + count)
    }

    /// Reads everything that is left.
    @_lifetime(self: copy self)
    @_lifetime(copy self)
    package mutating func rest() -> RawSpan {
        defer { offset = body.byteCount }
        return body.extracting(offset..<body.byteCount)
    }

    /// Ends the message; bytes left over are a violation.
    package consuming func finish() throws(ProtocolViolation) {
        guard remaining == 0 else { throw malformed("is longer than its fields") }
    }

    /// Returns the violation that says what is wrong with this message.
    package func malformed(_ problem: StaticString) -> ProtocolViolation {
        ProtocolViolation(.malformedMessage, "\(name) message \(problem)")
    }

    private func require(_ count: Int) throws(ProtocolViolation) {
        guard count <= remaining else { throw malformed("is shorter than its fields") }
    }
}
