extension String {
    /// The text of a string's entry. The scanner has validated it, so nobody does so again.
    @inlinable
    @inline(always)
    init(_ entry: TapeEntry, in document: RawSpan) {
        guard !entry.has(TapeEntry.hasEscapes) else {
            self = Self.unescaped(entry, in: document)
            return
        }
        let text = document.part(entry.start, entry.end)
        let units = Span<UInt8>(_bytes: text)
        self.init(copying: unsafe UTF8Span(unchecked: units, isKnownASCII: !entry.has(TapeEntry.isBeyondASCII)))
    }

    @usableFromInline
    @inline(never)
    static func unescaped(_ entry: TapeEntry, in document: RawSpan) -> String {
        StringText(document, entry).unescaped()
    }
}

extension StringText {
    /// The text.
    var string: String { String(entry, in: bytes) }
}
