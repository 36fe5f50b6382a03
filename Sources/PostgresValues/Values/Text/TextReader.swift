import PostgresWire

/// Reads the text form of a value from left to right. It borrows the bytes and cannot be kept.
struct TextReader: ~Escapable {
    private let text: RawSpan
    /// `0 <= offset <= text.byteCount`
    private(set) var offset = 0

    @_lifetime(copy text)
    init(_ text: RawSpan) { self.text = text }

    /// Whether nothing is left.
    var isAtEnd: Bool { offset == text.byteCount }

    /// The next byte, which is not read; nil at the end.
    var next: UInt8? { isAtEnd ? nil : text.byte(at: offset) }

    /// The number of bytes that are left.
    var count: Int { text.byteCount - offset }

    /// Reads one byte; nil at the end.
    @_lifetime(self: copy self)
    mutating func byte() -> UInt8? {
        guard let next else { return nil }
        offset += 1
        return next
    }

    /// Reads the byte if it is the next one.
    @_lifetime(self: copy self)
    mutating func skip(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        offset += 1
        return true
    }

    /// Reads the character if it is the next one.
    @_lifetime(self: copy self)
    mutating func skip(_ character: Unicode.Scalar) -> Bool { skip(UInt8(ascii: character)) }

    /// Reads the word if it stands next.
    @_lifetime(self: copy self)
    mutating func skip(word: StaticString) -> Bool {
        let length = word.utf8CodeUnitCount
        guard length <= count else { return false }
        let text = text
        let start = offset
        let isNext = word.withUTF8Buffer { word in
            for index in 0..<length {
                guard unsafe text.byte(at: start + index) == word[index] else { return false }
            }
            return true
        }
        if isNext { offset += length }
        return isNext
    }

    /// Reads the bytes up to the first that is not wanted.
    @_lifetime(self: copy self)
    mutating func bytes(while isWanted: (UInt8) -> Bool) -> [UInt8] {
        let start = offset
        while let next, isWanted(next) { offset += 1 }
        return [UInt8](copying: text.extracting(start..<offset))
    }

    /// Reads so many bytes; nil where fewer are left.
    @_lifetime(self: copy self)
    @_lifetime(copy self)
    mutating func span(_ length: Int) -> RawSpan? {
        guard length >= 0, length <= count else { return nil }
        offset += length
        return text.extracting(offset - length..<offset)
    }

    /// Reads between `digits.lowerBound` and `digits.upperBound` decimal digits; nil where fewer are there or the number
    /// does not fit.
    @_lifetime(self: copy self)
    mutating func digits(_ digits: ClosedRange<Int> = 1...18) -> Int? {
        let start = offset
        var value = 0
        while let next, offset - start < digits.upperBound {
            let digit = next &- UInt8(ascii: "0")
            guard digit < 10 else { break }
            let (product, overflowed) = value.multipliedReportingOverflow(by: 10)
            let (sum, exceeded) = product.addingReportingOverflow(Int(digit))
            guard !overflowed, !exceeded else { return nil }
            value = sum
            offset += 1
        }
        return offset - start >= digits.lowerBound ? value : nil
    }

    /// Reads an integer with a minus sign before it where there is one; nil where it does not fit.
    @_lifetime(self: copy self)
    mutating func integer<Integer: FixedWidthInteger>(_ type: Integer.Type) -> Integer? {
        let isNegative = skip("-")
        guard let magnitude = digits(1...20) else { return nil }
        return Integer(exactly: isNegative ? -magnitude : magnitude)
    }

    /// Reads text in double quotes, in which a backslash or a doubled quote stands for one.
    ///
    /// - Returns: what stands between the quotes; nil where they do not end.
    @_lifetime(self: copy self)
    mutating func quoted() -> [UInt8]? {
        guard skip("\"") else { return nil }
        var value: [UInt8] = []
        while let next = byte() {
            switch next {
            case UInt8(ascii: "\\"):
                guard let escaped = byte() else { return nil }
                value.append(escaped)
            case UInt8(ascii: "\""):
                guard skip("\"") else { return value }
                value.append(next)
            default: value.append(next)
            }
        }
        return nil
    }

    /// Reads text without quotes up to a byte that ends it; a backslash keeps the byte behind it from doing so.
    ///
    /// - Returns: the text; nil where a quote stands in it or nothing follows a backslash.
    @_lifetime(self: copy self)
    mutating func unquoted(upTo isEnd: (UInt8) -> Bool) -> [UInt8]? {
        var value: [UInt8] = []
        while let next, !isEnd(next) {
            offset += 1
            switch next {
            case UInt8(ascii: "\""): return nil
            case UInt8(ascii: "\\"):
                guard let escaped = byte() else { return nil }
                value.append(escaped)
            default: value.append(next)
            }
        }
        return value
    }
}
