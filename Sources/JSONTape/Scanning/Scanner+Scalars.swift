extension Scanner {
    /// Scans the string whose quote is at `index`, writes its entry, and returns its kind and flags.
    @inline(always)
    mutating func scanString(_ bytes: RawSpan) throws(ScanProblem) -> UInt32 {
        let start = index &+ 1
        let end = Self.plainEnd(bytes, from: start)
        if end < bytes.byteCount, bytes.byte(end) == UInt8(ascii: "\"") {
            index = end &+ 1
            try append(TapeEntry(offset: start, byteCount: end &- start, meta: TapeEntry.kind(.string)))
            return TapeEntry.kind(.string)
        }
        // Not plain, or among the document's last bytes.
        let string = try Self.scanUnusualString(bytes, from: end)
        index = string.end &+ 1
        try append(TapeEntry(offset: start, byteCount: string.end &- start, meta: string.meta))
        return string.meta
    }

    /// The first byte from `start` on that is not plain, eight at a time; where fewer are left, as far as it came.
    ///
    /// A function of its own, because its constants then have registers for themselves: inlined, a scan took a
    /// quarter more instructions.
    @inline(never)
    private static func plainEnd(_ bytes: RawSpan, from start: Int) -> Int {
        var end = start
        while end &+ ByteWord.bytes <= bytes.byteCount {
            let marks = ByteWord.special(bytes.word(end, as: UInt64.self))
            guard marks == 0 else { return end &+ ByteWord.firstIndex(marks) }
            end &+= ByteWord.bytes
        }
        return end
    }

    /// Scans the number at `index`, as the grammar has it, and writes its entry. What it is worth nobody asks here.
    @inline(always)
    mutating func scanNumber(_ bytes: RawSpan) throws(ScanProblem) {
        let start = index
        if bytes.byte(index) == UInt8(ascii: "-") { index &+= 1 }
        let first = index
        guard skipDigits(bytes) else { throw ScanProblem(.digitNeeded, index) }
        guard bytes.byte(first) != UInt8(ascii: "0") || index == first &+ 1 else {
            throw ScanProblem(.leadingZero, first)
        }
        var meta = TapeEntry.kind(.number) | TapeEntry.isInteger
        if index < bytes.byteCount, bytes.byte(index) == UInt8(ascii: ".") {
            meta = TapeEntry.kind(.number)
            index &+= 1
            guard skipDigits(bytes) else { throw ScanProblem(.digitBehindPointNeeded, index) }
        }
        if index < bytes.byteCount, bytes.byte(index) | 0x20 == UInt8(ascii: "e") {
            meta = TapeEntry.kind(.number)
            index = try Self.exponentEnd(bytes, from: index &+ 1)
        }
        try append(TapeEntry(offset: start, byteCount: index &- start, meta: meta))
    }

    /// Steps over digits; false where there is none.
    @inline(always)
    private mutating func skipDigits(_ bytes: RawSpan) -> Bool {
        let start = index
        while index < bytes.byteCount, bytes.byte(index) &- UInt8(ascii: "0") < 10 { index &+= 1 }
        return index > start
    }

    /// Scans `true`, `null` or `false`, of which `letters` are the last four as they are in memory.
    @inline(always)
    mutating func scanLiteral(_ bytes: RawSpan, _ letters: UInt32, _ count: Int, _ meta: UInt32) throws(ScanProblem) {
        let start = index
        let end = start &+ count
        guard end <= bytes.byteCount, bytes.word(end &- 4, as: UInt32.self) == letters else {
            throw ScanProblem(.valueNeeded, start)
        }
        index = end
        try append(TapeEntry(offset: start, byteCount: count, meta: meta))
    }
}
