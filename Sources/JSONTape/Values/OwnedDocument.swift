/// A document with its tape, kept in one block of memory: the entries, and the bytes behind them.
///
/// Both are written by the initialiser alone, and never again: that is what the `@unchecked` stands for.
@safe
final class OwnedDocument: @unchecked Sendable {
    private let memory: UnsafeMutableRawPointer
    private let entryCount: Int
    private let byteCount: Int

    /// Copies the part of a document that a value takes, and its entries.
    convenience init(copying json: borrowing JSONView) {
        let entries = json.tape.extracting(json.index..<json.index + 1 + Int(json.entry.extent))
        self.init(json.bytes, entries, shift: UInt32(truncatingIfNeeded: json.byteOffset))
    }

    /// Scans a document and keeps a copy.
    convenience init(scanning bytes: RawSpan, limits: JSONLimits) throws(JSONError) {
        let storage = TapeStorage()
        storage.begin(byteCount: bytes.byteCount)
        try Scanner.scan(bytes, limits, into: storage)
        self.init(bytes, storage.tape, shift: 0)
    }

    private init(_ bytes: RawSpan, _ entries: Span<TapeEntry>, shift: UInt32) {
        entryCount = entries.count
        byteCount = bytes.byteCount
        let entryBytes = entryCount * MemoryLayout<TapeEntry>.stride
        unsafe memory = .allocate(byteCount: entryBytes + byteCount, alignment: MemoryLayout<TapeEntry>.alignment)
        let tape = unsafe memory.bindMemory(to: TapeEntry.self, capacity: entryCount)
        for index in entries.indices { unsafe (tape + index).initialize(to: entries[index].moved(by: shift)) }
        unsafe bytes.withUnsafeBytes { source in
            guard let start = source.baseAddress else { return }
            unsafe (memory + entryBytes).copyMemory(from: start, byteCount: source.count)
        }
    }

    deinit { unsafe memory.deallocate() }

    /// The value at an entry.
    @_lifetime(borrow self)
    func view(_ index: Int) -> JSONView {
        precondition(index >= 0 && index < entryCount)
        let entryBytes = entryCount * MemoryLayout<TapeEntry>.stride
        let tape = unsafe Span(_unsafeStart: memory.assumingMemoryBound(to: TapeEntry.self), count: entryCount)
        let bytes = unsafe RawSpan(_unsafeStart: memory + entryBytes, byteCount: byteCount)
        return unsafe _overrideLifetime(JSONView(bytes, tape, index), borrowing: self)
    }
}

extension TapeEntry {
    /// The same for a document of which `shift` bytes at the front are gone.
    fileprivate func moved(by shift: UInt32) -> TapeEntry {
        TapeEntry(offset: Int(offset - shift), byteCount: Int(byteCount), extent: extent, meta: meta)
    }
}
