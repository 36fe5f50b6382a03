// The scanner and whoever follows a tape know that an offset lies within the document: the scanner has compared it with
// the length, and a tape holds what the scanner wrote. These are the only loads of the module that are not checked.

extension RawSpan {
    /// The byte at `offset`, which the caller knows to be `0..<byteCount`.
    @inlinable
    @inline(always)
    func byte(_ offset: Int) -> UInt8 {
        assert(offset >= 0 && offset < byteCount)
        return unsafe unsafeLoad(fromUncheckedByteOffset: offset, as: UInt8.self)
    }

    /// The bytes from `offset` on as an integer, the first of them lowest. The caller knows that they are all there.
    @inlinable
    @inline(always)
    func word<Word: FixedWidthInteger & BitwiseCopyable>(_ offset: Int, as type: Word.Type) -> Word {
        assert(offset >= 0 && offset <= byteCount - MemoryLayout<Word>.size)
        return unsafe Word(littleEndian: unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: Word.self))
    }

    /// The part from one offset to another, both known to lie within.
    @inlinable
    @inline(always)
    @_lifetime(copy self)
    func part(_ start: Int, _ end: Int) -> RawSpan {
        assert(start >= 0 && start <= end && end <= byteCount)
        return unsafe extracting(unchecked: start..<end)
    }
}
