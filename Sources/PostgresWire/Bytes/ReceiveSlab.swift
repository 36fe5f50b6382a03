/// A block of memory that received bytes and the rows among them lie in.
///
/// Indices: `0 <= start <= end <= capacity` and `0 <= rowCount <= rowCapacity`. Bytes in `start..<end` are received
/// but not yet framed; what lies before `start` belongs to whoever was given it. The connection only ever appends
/// behind `end`, and starts again from the front only when nobody else holds the slab: that is why a chunk or a row,
/// which keeps the slab alive, may be read from another thread, and what the `@unchecked` below stands for.
@safe
@usableFromInline
package final class ReceiveSlab: @unchecked Sendable {
    @usableFromInline let base: UnsafeMutableRawPointer
    /// The offset of each framed row's first cell.
    @usableFromInline let rowOffsets: UnsafeMutablePointer<UInt32>
    /// The size of the byte area.
    package let capacity: Int
    /// The number of rows that fit the table of offsets.
    @usableFromInline package let rowCapacity: Int

    private struct Positions {
        var start = 0
        var end = 0
        var rowCount = 0
    }

    private let positions = Owned(Positions())
    /// Where the first byte lies that has not been framed.
    package private(set) var start: Int {
        get { positions.value.start }
        set { positions.value.start = newValue }
    }
    /// Where the next received byte will lie.
    package private(set) var end: Int {
        get { positions.value.end }
        set { positions.value.end = newValue }
    }
    /// The number of rows framed so far.
    package private(set) var rowCount: Int {
        get { positions.value.rowCount }
        set { positions.value.rowCount = newValue }
    }

    /// Where the slab's bytes are counted.
    private let account: SlabAccount?

    /// The smallest DataRow that has a column is 11 bytes long, so a table of this density rarely fills up first.
    private static let bytesPerRowOffset = 8
    /// Slabs beyond 256 KiB are for single large rows.
    private static let rowCapacityMax = 1 << 15

    /// Takes `capacity` bytes and a row table to match. Neither is touched, so neither is resident, before use.
    package init(capacity: Int, account: SlabAccount? = nil) {
        precondition(capacity > 0 && capacity <= Int(UInt32.max), "a slab's offsets are 32 bits wide")
        self.capacity = capacity
        self.account = account
        rowCapacity = Self.rowCapacity(of: capacity)
        account?.take(Self.byteCount(capacity: capacity))
        unsafe base = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 8)
        unsafe rowOffsets = UnsafeMutablePointer<UInt32>.allocate(capacity: rowCapacity)
    }

    deinit {
        unsafe base.deallocate()
        unsafe rowOffsets.deallocate()
        account?.giveBack(byteCount)
    }

    /// A slab with nothing but copies of these rows, at the indices from 0 on. It is counted in no account.
    package func detached(_ rows: Range<Int>) -> ReceiveSlab {
        let count = byteCount(ofRows: rows)
        let copy = ReceiveSlab(capacity: max(count, rows.count * Self.bytesPerRowOffset, 1))
        guard let first = rows.first else { return copy }
        let begin = unsafe rowOffsets[first] - UInt32(Self.rowHeaderBytes)
        unsafe copy.base.copyMemory(from: base + Int(begin), byteCount: count)
        for (index, row) in rows.enumerated() { unsafe copy.rowOffsets[index] = rowOffsets[row] - begin }
        copy.end = count
        copy.commit(rowCount: rows.count, start: count)
        return copy
    }

    /// A slab with nothing but one row, at the index 0: copies of `count` cells that lie here. It is counted in no account.
    package func detached(cells: Range<Int>, count: Int) -> ReceiveSlab {
        precondition(cells.lowerBound >= 0 && cells.upperBound <= end, "only received bytes can be read")
        let copy = ReceiveSlab(capacity: Self.rowHeaderBytes + cells.count)
        var header: [UInt8] = [UInt8(ascii: "D")]
        header.append(bigEndian: Int32(truncatingIfNeeded: cells.count + 6))
        header.append(bigEndian: UInt16(truncatingIfNeeded: count))
        unsafe header.withUnsafeBytes { bytes in
            unsafe copy.base.copyMemory(from: bytes.baseAddress!, byteCount: Self.rowHeaderBytes)
        }
        unsafe (copy.base + Self.rowHeaderBytes).copyMemory(from: base + cells.lowerBound, byteCount: cells.count)
        copy.end = Self.rowHeaderBytes + cells.count
        copy.note(row: 0, at: 0)
        copy.commit(rowCount: 1, start: copy.end)
        return copy
    }

    /// Everything that the slab takes: the bytes and the table.
    package var byteCount: Int { Self.byteCount(capacity: capacity) }

    /// What a slab of `capacity` takes.
    package static func byteCount(capacity: Int) -> Int {
        capacity + rowCapacity(of: capacity) * MemoryLayout<UInt32>.stride
    }

    private static func rowCapacity(of capacity: Int) -> Int { min(capacity / bytesPerRowOffset, rowCapacityMax) + 1 }

    /// The rows at the front of `rows` that are `bytesMax` long together, but at least one.
    package func prefix(of rows: Range<Int>, bytesMax: Int) -> Range<Int> {
        guard rows.count > 1, byteCount(ofRows: rows) > bytesMax else { return rows }
        // One row surely fits or has to; `most` rows surely do not.
        var (least, most) = (1, rows.count)
        while most - least > 1 {
            let middle = (least + most) / 2
            if byteCount(ofRows: rows.prefix(middle)) <= bytesMax { least = middle } else { most = middle }
        }
        return rows.prefix(least)
    }

    /// The bytes of rows that lie one behind the other, headers included.
    package func byteCount(ofRows rows: Range<Int>) -> Int {
        guard let first = rows.first, let last = rows.last else { return 0 }
        let begin = messageStart(ofRow: last)
        let length = Int(bytes(begin + 1..<begin + 5).bigEndian(at: 0, as: Int32.self))
        return begin + 1 + length - messageStart(ofRow: first)
    }

    /// Where the message of the row at `index` begins, an index that a frame gave out.
    func messageStart(ofRow index: Int) -> Int {
        precondition(index >= 0 && index < rowCapacity, "a row index lies within its chunk")
        return unsafe Int(rowOffsets[index]) - Self.rowHeaderBytes
    }

    /// Writes to the table that the message of a row begins at `offset`.
    @inline(__always)
    func note(row: Int, at offset: Int) {
        unsafe rowOffsets[row] = UInt32(truncatingIfNeeded: offset + Self.rowHeaderBytes)
    }

    /// Has the message of a row begin at `offset` within it, and be so long.
    func move(row: Int, to offset: Int, length: Int32) {
        precondition(offset >= 0 && offset + 5 <= end, "a message lies within the received bytes")
        unsafe base.storeBytes(of: UInt8(ascii: "d"), toByteOffset: offset, as: UInt8.self)
        unsafe base.storeBytes(of: length.bigEndian, toByteOffset: offset + 1, as: Int32.self)
        note(row: row, at: offset)
    }

    /// The bytes that can still be received behind `end`.
    package var room: Int { capacity - end }

    /// Whether everything that was received has been framed.
    package var isFramed: Bool { start == end }

    /// Whether no further row can be framed here.
    package var isRowTableFull: Bool { rowCount == rowCapacity }

    /// Lets `body` append received bytes to the room that is left and returns how many it appended.
    package func receive<Failure: Error>(
        _ body: (inout OutputRawSpan) throws(Failure) -> Void
    ) throws(Failure) -> Int {
        var output = unsafe OutputRawSpan(
            buffer: UnsafeMutableRawBufferPointer(start: base + end, count: room), initializedCount: 0)
        try body(&output)
        let count = unsafe output.finalize(for: UnsafeMutableRawBufferPointer(start: base + end, count: room))
        end += count
        return count
    }

    /// The received bytes in `range`, offsets from the slab's front.
    @_lifetime(borrow self)
    package func bytes(_ range: Range<Int>) -> RawSpan {
        precondition(range.lowerBound >= 0 && range.upperBound <= end, "only received bytes can be read")
        let span = unsafe RawSpan(_unsafeStart: base + range.lowerBound, byteCount: range.count)
        return unsafe _overrideLifetime(span, borrowing: self)
    }

    /// The cells of the row at `index`, an index that a frame gave out.
    ///
    /// Unsafe in one respect: the caller keeps this slab and `types` alive for as long as it uses the cells, and
    /// states that by giving them the lifetime of what holds both.
    @inlinable
    @unsafe
    @_lifetime(immortal)
    package func cells(ofRow index: Int, types: ColumnTypes) -> RowCells {
        precondition(index >= 0 && index < rowCapacity, "a row index lies within its chunk")
        let bytes = unsafe RawSpan(_unsafeBytes: Self.cells(at: rowOffsets[index], from: base))
        let cells = RowCells(bytes, types: unsafe Span(_unsafeElements: types.types))
        return unsafe _overrideLifetime(cells, copying: ())
    }

    /// The bytes of the row at `index`, an index that a frame gave out: its cells, without what goes before them.
    @_lifetime(borrow self)
    package func cellBytes(ofRow index: Int) -> RawSpan {
        precondition(index >= 0 && index < rowCapacity, "a row index lies within its chunk")
        let span = unsafe RawSpan(_unsafeBytes: Self.cells(at: rowOffsets[index], from: base))
        return unsafe _overrideLifetime(span, borrowing: self)
    }

    /// Notes that everything before `offset` has been framed.
    func consume(upTo offset: Int) {
        assert(offset >= start && offset <= end)
        start = offset
    }

    /// Notes the rows that `frameRows` wrote to the table.
    func commit(rowCount: Int, start: Int) {
        assert(rowCount >= self.rowCount && rowCount <= rowCapacity)
        self.rowCount = rowCount
        consume(upTo: start)
    }

    /// Moves the unframed bytes to the front. Only its sole owner may do so: it overwrites what was given out.
    package func compact() {
        let tail = end - start
        if tail > 0, start > 0 {
            unsafe base.copyMemory(from: base + start, byteCount: tail)
        }
        start = 0
        end = tail
        rowCount = 0
    }

    /// Forgets the unframed bytes at the front, as many as `count`, and returns how many there were.
    package func drop(_ count: Int) -> Int {
        let dropped = min(count, end - start)
        start += dropped
        return dropped
    }

    /// Appends the unframed bytes of `other`.
    package func takeTail(of other: ReceiveSlab) {
        let tail = other.end - other.start
        precondition(tail <= room, "a slab is chosen large enough for the tail it takes over")
        unsafe (base + end).copyMemory(from: other.base + other.start, byteCount: tail)
        end += tail
    }
}

extension ReceiveSlab {
    /// The cells of the DataRow whose first cell is at `offset`: the length lies six bytes before it.
    ///
    /// Only for offsets that `frameRows` wrote: it has checked that the row lies within the received bytes.
    @inlinable
    @inline(always)
    @unsafe
    static func cells(at offset: UInt32, from base: UnsafeMutableRawPointer) -> UnsafeRawBufferPointer {
        let first = unsafe UnsafeRawPointer(base) + Int(offset)
        let length = unsafe Int32(bigEndian: (first - 6).loadUnaligned(as: Int32.self))
        return unsafe UnsafeRawBufferPointer(start: first, count: Int(length) &- 6)
    }
}
