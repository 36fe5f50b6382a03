// What most documents have little of. Nothing here takes the scanner, which would have to leave its registers.

extension Scanner {
    /// What a string is that cannot be told by its first plain bytes.
    struct UnusualString {
        /// Where its closing quote is.
        let end: Int
        /// Its kind and flags.
        let meta: UInt32
    }

    /// Scans the rest of a string from `position` on.
    @inline(never)
    static func scanUnusualString(_ bytes: RawSpan, from position: Int) throws(ScanProblem) -> UnusualString {
        var meta = TapeEntry.kind(.string)
        var index = position
        while index < bytes.byteCount {
            switch bytes.byte(index) {
            case UInt8(ascii: "\""): return UnusualString(end: index, meta: meta)
            case UInt8(ascii: "\\"):
                meta |= TapeEntry.hasEscapes
                index += try escapeBytes(bytes, at: index)
            case 0..<0x20: throw ScanProblem(.controlCharacter, index)
            case 0x20..<0x80: index = skipPlainText(bytes, from: index)
            default:
                meta |= TapeEntry.isBeyondASCII
                guard let count = bytes.scalarBytes(at: index) else { throw ScanProblem(.notUTF8, index) }
                index += count
            }
        }
        throw ScanProblem(.stringCutOff, index)
    }

    /// Steps to the next byte that is not plain, or to the document's last ones; at least one byte is plain.
    @inline(always)
    private static func skipPlainText(_ bytes: RawSpan, from start: Int) -> Int {
        var index = start + 1
        while index + ByteWord.bytes <= bytes.byteCount {
            let marks = ByteWord.special(bytes.word(index, as: UInt64.self))
            guard marks == 0 else { return index + ByteWord.firstIndex(marks) }
            index += ByteWord.bytes
        }
        return index
    }

    /// Checks the escape at `index` and returns how long it is. Halves of surrogate pairs are refused where they stand
    /// alone: no text has them.
    private static func escapeBytes(_ bytes: RawSpan, at index: Int) throws(ScanProblem) -> Int {
        guard index + 1 < bytes.byteCount else { throw ScanProblem(.stringCutOff, bytes.byteCount) }
        switch bytes.byte(index + 1) {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            return 2
        case UInt8(ascii: "u"):
            guard let unit = bytes.codeUnit(at: index + 2) else { throw ScanProblem(.hexadecimalNeeded, index) }
            guard UTF16.isSurrogate(unit) else { return 6 }
            guard bytes.surrogatePair(at: index) != nil else { throw ScanProblem(.loneSurrogate, index) }
            return 12
        default: throw ScanProblem(.unknownEscape, index)
        }
    }

    /// Steps over an exponent from behind its letter and returns where it ends.
    @inline(never)
    static func exponentEnd(_ bytes: RawSpan, from start: Int) throws(ScanProblem) -> Int {
        var index = start
        if index < bytes.byteCount, bytes.byte(index) == UInt8(ascii: "+") || bytes.byte(index) == UInt8(ascii: "-") {
            index += 1
        }
        let first = index
        while index < bytes.byteCount, bytes.byte(index) &- UInt8(ascii: "0") < 10 { index += 1 }
        guard index > first else { throw ScanProblem(.digitInExponentNeeded, index) }
        return index
    }

    /// Steps over whitespace of any length and returns where it ends.
    @inline(never)
    static func skipLongWhitespace(_ bytes: RawSpan, from start: Int) -> Int {
        var index = start
        while index < bytes.byteCount {
            switch bytes.byte(index) {
            case UInt8(ascii: " "):
                index += 1
                // Indentation comes in runs.
                while index + 8 <= bytes.byteCount, bytes.word(index, as: UInt64.self) == 0x2020_2020_2020_2020 {
                    index += 8
                }
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"): index += 1
            default: return index
            }
        }
        return index
    }

    /// Finds names that come twice in the object, and does what is asked for.
    @inline(never)
    @unsafe
    static func settleDuplicates(
        _ bytes: RawSpan, _ entries: UnsafeMutablePointer<TapeEntry>, count: Int, of object: Int,
        _ rule: JSONDuplicateKeys
    ) throws(ScanProblem) {
        let tape = unsafe UnsafeMutableBufferPointer(start: entries, count: count)
        var duplicates = unsafe DuplicateKeys(bytes: bytes, tape: MutableSpan(_unsafeElements: tape), object: object)
        if let again = duplicates.settle(rule) {
            throw unsafe ScanProblem(.duplicateKey, entries[again].start)
        }
    }

    /// The steps into the containers that are open, to the value that is being scanned.
    @inline(never)
    @unsafe
    static func openPath(
        _ bytes: RawSpan, _ entries: UnsafeMutablePointer<TapeEntry>, count: Int, _ container: Int, _ lastKey: Int
    ) -> [JSONPathStep] {
        var steps: [JSONPathStep] = []
        var (inner, key, end) = (container, lastKey, count)
        while inner >= 0 {
            let entry = unsafe entries[inner]
            if entry.isKind(.array) {
                // The elements before are done with, so they can be stepped over.
                var (position, element) = (0, inner + 1)
                while element < end {
                    element += unsafe 1 + Int(entries[element].extent)
                    position += 1
                }
                steps.append(.index(position))
            } else if key >= 0 {
                steps.append(.key(StringText(bytes, unsafe entries[key]).string))
            }
            (inner, key, end) = (Int(Int32(truncatingIfNeeded: entry.extent)), inner - 1, inner)
        }
        return steps.reversed()
    }
}
