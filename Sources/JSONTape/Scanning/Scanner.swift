/// Reads a document once from front to back, checks all of it against RFC 8259, and writes what it finds to a tape.
///
/// `0 <= index <= bytes.byteCount` and `0 <= count <= capacity`. It does not call itself: a container that is open
/// keeps in its own entry where the one around it is, so the depth costs no stack. Every byte is looked at a bounded
/// number of times, whatever they are.
///
/// The state is to stay in registers. So `scan` has it in a local variable, which holds neither a reference nor a
/// span and so never has to lie in memory; everything that runs per value is inlined into it, and what is rare (`Scanner+Rare`) takes and returns plain values instead of the scanner itself.
@safe
struct Scanner: BitwiseCopyable {
    private let depthMax: Int
    private let duplicateKeys: JSONDuplicateKeys
    /// The storage's memory, which the scanner alone writes to.
    private let entries: UnsafeMutablePointer<TapeEntry>
    private let capacity: Int
    private var count = 0
    var index = 0
    private var depth = 0
    /// The entry of the innermost container that is open, and whether it is an object.
    private var container = Scanner.none
    private var isObject = false
    /// The entry of the name before, in the object that is open.
    private var lastKey = Scanner.none
    /// The length of that name as it is written; no length is below −1.
    private var lastKeyBytes: Int64 = -1

    private static var none: Int { -1 }

    private init(_ limits: JSONLimits, _ storage: TapeStorage) {
        depthMax = limits.depthMax
        duplicateKeys = limits.duplicateKeys
        unsafe entries = storage.entries
        capacity = storage.capacity
    }

    /// Scans a document into the storage.
    ///
    /// Where the tape is too short for it a longer one is taken and the document begun again, so that the scanner's own
    /// loop knows one tape only. Each tape is at least twice as long as the one before: the time stays linear.
    static func scan(_ bytes: RawSpan, _ limits: JSONLimits, into storage: TapeStorage) throws(JSONError) {
        while let index = try scanOnce(bytes, limits, into: storage) {
            storage.grow(scanned: index, of: bytes.byteCount)
        }
    }

    /// Scans a document, or returns how far the tape reached.
    @inline(never)
    private static func scanOnce(
        _ bytes: RawSpan, _ limits: JSONLimits, into storage: TapeStorage
    ) throws(JSONError) -> Int? {
        var scanner = Scanner(limits, storage)
        do throws(ScanProblem) {
            guard bytes.byteCount <= limits.bytesMax else { throw ScanProblem(.tooLong, limits.bytesMax) }
            scanner.skipWhitespace(bytes)
            while try scanner.scanValue(bytes) {}
            scanner.skipWhitespace(bytes)
            guard scanner.index == bytes.byteCount else { throw ScanProblem(.somethingBehind, scanner.index) }
            storage.finish(count: scanner.count)
            return nil
        } catch {
            guard error.kind != .tapeFull else { return error.offset }
            let steps = unsafe openPath(
                bytes, scanner.entries, count: scanner.count, scanner.container, scanner.lastKey)
            throw error.error(limits, path: steps)
        }
    }

    /// Scans the value at `index`, or opens it, and goes on to the next; false behind the document's own value.
    @inline(always)
    private mutating func scanValue(_ bytes: RawSpan) throws(ScanProblem) -> Bool {
        guard index < bytes.byteCount else { throw ScanProblem(.valueCutOff, index) }
        switch bytes.byte(index) {
        case UInt8(ascii: "\""): _ = try scanString(bytes)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try scanNumber(bytes)
        case UInt8(ascii: "{"):
            if try open(bytes, .object, end: UInt8(ascii: "}")) {
                try scanKey(bytes)
                return true
            }
        case UInt8(ascii: "["):
            if try open(bytes, .array, end: UInt8(ascii: "]")) { return true }
        case UInt8(ascii: "t"): try scanLiteral(bytes, 0x6575_7274, 4, TapeEntry.kind(.bool) | TapeEntry.isTrue)
        case UInt8(ascii: "n"): try scanLiteral(bytes, 0x6C6C_756E, 4, TapeEntry.kind(.null))
        case UInt8(ascii: "f"): try scanLiteral(bytes, 0x6573_6C61, 5, TapeEntry.kind(.bool))
        default: throw ScanProblem(.valueNeeded, index)
        }
        return try advance(bytes)
    }

    /// Goes on behind a value, out of the containers that end there, to the next value; false behind the document's own.
    @inline(always)
    private mutating func advance(_ bytes: RawSpan) throws(ScanProblem) -> Bool {
        // What jsonb writes has a comma and a space.
        if container >= 0, index &+ 2 < bytes.byteCount, bytes.word(index, as: UInt16.self) == 0x202C,
            bytes.byte(index &+ 2) > UInt8(ascii: " ")
        {
            index &+= 2
            if isObject { try scanKey(bytes) }
            return true
        }
        while container >= 0 {
            skipWhitespace(bytes)
            guard index < bytes.byteCount else { throw ScanProblem(.containerCutOff, index) }
            let byte = bytes.byte(index)
            if byte == UInt8(ascii: ",") {
                index &+= 1
                skipWhitespace(bytes)
                if isObject { try scanKey(bytes) }
                return true
            }
            guard byte == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else {
                throw ScanProblem(isObject ? .commaOrBraceNeeded : .commaOrBracketNeeded, index)
            }
            index &+= 1
            try close(bytes)
        }
        return false
    }

    // MARK: Containers

    /// Writes the entry of a container; false where it is empty, and done with.
    @inline(always)
    private mutating func open(_ bytes: RawSpan, _ kind: JSONKind, end: UInt8) throws(ScanProblem) -> Bool {
        guard depth < depthMax else { throw ScanProblem(.tooDeep, index) }
        let start = index
        index &+= 1
        skipWhitespace(bytes)
        if index < bytes.byteCount, bytes.byte(index) == end {
            index &+= 1
            try append(TapeEntry(offset: start, byteCount: index &- start, meta: TapeEntry.kind(kind)))
            return false
        }
        let outer = UInt32(truncatingIfNeeded: container)
        try append(TapeEntry(offset: start, byteCount: 0, extent: outer, meta: TapeEntry.kind(kind)))
        depth &+= 1
        container = count &- 1
        isObject = kind == .object
        lastKey = Self.none
        lastKeyBytes = -1
        return true
    }

    /// Ends the innermost container in front of `index`.
    @inline(always)
    private mutating func close(_ bytes: RawSpan) throws(ScanProblem) {
        let closed = container
        let entry = unsafe entries[closed]
        if entry.has(TapeEntry.isUnsorted), isObject {
            try unsafe Self.settleDuplicates(bytes, entries, count: count, of: closed, duplicateKeys)
        }
        unsafe entries[closed].byteCount = UInt32(truncatingIfNeeded: index) &- entry.offset
        unsafe entries[closed].extent = UInt32(truncatingIfNeeded: count &- closed &- 1)
        depth &-= 1
        container = Int(Int32(truncatingIfNeeded: entry.extent))
        isObject = container >= 0 ? unsafe entries[container].isKind(.object) : false
        guard isObject else { return }
        lastKey = closed &- 1
        lastKeyBytes = unsafe Int64(entries[lastKey].byteCount)
    }

    /// Scans a member's name and what lies between it and the value.
    @inline(always)
    private mutating func scanKey(_ bytes: RawSpan) throws(ScanProblem) {
        guard index < bytes.byteCount, bytes.byte(index) == UInt8(ascii: "\"") else {
            throw ScanProblem(.nameNeeded, index)
        }
        let key = count
        let meta = try scanString(bytes)
        // A name with an escape does not count as ascending, because its bytes are not what it means.
        let byteCount = unsafe entries[key].byteCount
        if Int64(byteCount) <= lastKeyBytes || meta & TapeEntry.hasEscapes != 0 {
            noteOrder(bytes, of: key, isEscaped: meta & TapeEntry.hasEscapes != 0)
        }
        lastKey = key
        lastKeyBytes = Int64(byteCount)
        // What jsonb writes has a colon and a space.
        if index &+ 2 < bytes.byteCount, bytes.word(index, as: UInt16.self) == 0x203A,
            bytes.byte(index &+ 2) > UInt8(ascii: " ")
        {
            index &+= 2
            return
        }
        skipWhitespace(bytes)
        guard index < bytes.byteCount, bytes.byte(index) == UInt8(ascii: ":") else {
            throw ScanProblem(.colonNeeded, index)
        }
        index &+= 1
        skipWhitespace(bytes)
    }

    /// Notes whether the names ascend as `jsonb` orders them, by length and then by bytes: such an object has none twice.
    @inline(always)
    private func noteOrder(_ bytes: RawSpan, of key: Int, isEscaped: Bool) {
        if !isEscaped {
            let (last, next) = unsafe (entries[lastKey], entries[key])
            if last.byteCount == next.byteCount, bytes.isLess(last.start, next.start, count: Int(next.byteCount)) {
                return
            }
        }
        unsafe entries[container].meta |= TapeEntry.isUnsorted
    }

    // MARK: The tape

    @inline(always)
    mutating func append(_ entry: TapeEntry) throws(ScanProblem) {
        guard count < capacity else { throw ScanProblem(.tapeFull, index) }
        unsafe entries[count] = entry
        count &+= 1
    }

    // MARK: Whitespace

    @inline(always)
    mutating func skipWhitespace(_ bytes: RawSpan) {
        // What jsonb writes has one space at most.
        guard index < bytes.byteCount, bytes.byte(index) <= UInt8(ascii: " ") else { return }
        index &+= 1
        guard index < bytes.byteCount, bytes.byte(index) > UInt8(ascii: " "),
            bytes.byte(index &- 1) == UInt8(ascii: " ")
        else {
            index = Self.skipLongWhitespace(bytes, from: index &- 1)
            return
        }
    }
}
