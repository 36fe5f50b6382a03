extension PostgresQuery {
    /// The parameters, by their indices, that the text casts to a type, `$1::int4` or `CAST($1 AS int4)`: their values are
    /// written as what they are, because the cast is meant.
    package var castParameters: Set<Int> {
        var indices: Set<Int> = []
        let segments = writing.segments
        for (place, segment) in segments.enumerated() {
            guard case .parameter(let index) = segment, place + 1 < segments.count,
                let next = segments[place + 1].text
            else { continue }
            var after = Array(next.utf8.prefix(Self.lookedAtMax))[...]
            var before: ArraySlice<UInt8> = []
            if place > 0, let text = segments[place - 1].text {
                before = Array(text.utf8.suffix(Self.lookedAtMax))[...]
            }
            // The parameter may be in parentheses of its own, which are not those of a call.
            while after.skipWhiteSpace() == UInt8(ascii: ")"), before.dropWhiteSpace() == UInt8(ascii: "("),
                !(before.dropLast().last?.isIdentifierPart ?? false)
            {
                after.removeFirst()
                before.removeLast()
            }
            let isInCast = before.dropWhiteSpace() == UInt8(ascii: "(") && before.dropLast().endsInCast
            if after.starts(with: "::".utf8) || isInCast && after.prefix(2).map({ $0 | 0x20 }) == Array("as".utf8) {
                indices.insert(index)
            }
        }
        return indices
    }

    /// So many bytes at each side are looked at.
    private static let lookedAtMax = 64
}

extension ArraySlice<UInt8> {
    /// Takes the white space off the front; returns the first byte that is left.
    fileprivate mutating func skipWhiteSpace() -> UInt8? {
        self = drop(while: \.isWhiteSpace)
        return first
    }

    /// Takes the white space off the end; returns the last byte that is left.
    fileprivate mutating func dropWhiteSpace() -> UInt8? {
        while let last, last.isWhiteSpace { removeLast() }
        return last
    }

    /// Whether the last word is `CAST`.
    fileprivate var endsInCast: Bool {
        var text = self
        _ = text.dropWhiteSpace()
        return text.suffix(4).map { $0 | 0x20 } == Array("cast".utf8)
            && !(text.dropLast(4).last?.isIdentifierPart ?? false)
    }
}

extension UInt8 {
    /// Whether the byte is white space in SQL.
    fileprivate var isWhiteSpace: Bool { self == UInt8(ascii: " ") || (0x09...0x0D).contains(self) }
}
