/// The elements of an array from the first to the last. It borrows the document and cannot be kept.
///
///     var elements = try value.elements()
///     while let element = elements.next() { … }
@frozen
public struct JSONElements: ~Escapable {
    @usableFromInline let document: RawSpan
    @usableFromInline let tape: Span<TapeEntry>
    /// The entry of the next element, at most `end`.
    @usableFromInline var index: Int
    @usableFromInline let end: Int

    /// The array is known to be one.
    @inlinable
    @inline(always)
    @_lifetime(copy array)
    init(_ array: JSONView) {
        document = array.document
        tape = array.tape
        index = array.index &+ 1
        end = array.index &+ 1 &+ Int(array.entry.extent)
    }

    /// Returns the next element, or nil behind the last one.
    @inlinable
    @inline(always)
    @_lifetime(self: copy self)
    @_lifetime(copy self)
    public mutating func next() -> JSONView? {
        guard index < end else { return nil }
        let view = JSONView(document, tape, index)
        index = index &+ 1 &+ Int(tape[index].extent)
        return view
    }

    @inline(always)
    @_lifetime(self: copy self)
    mutating func skip() -> Bool {
        guard index < end else { return false }
        index = index &+ 1 &+ Int(tape[index].extent)
        return true
    }
}

extension JSONView {
    /// The elements of the array.
    ///
    /// - Throws: `typeMismatch` or `unexpectedNull` where the value is no array.
    @inlinable
    @_lifetime(copy self)
    public func elements() throws(JSONError) -> JSONElements {
        guard entry.isKind(.array) else { throw mismatch("an array") }
        return JSONElements(self)
    }

    /// The members of the object.
    ///
    /// - Throws: `typeMismatch` or `unexpectedNull` where the value is no object.
    @inlinable
    @_lifetime(copy self)
    public func members() throws(JSONError) -> JSONMembers {
        guard entry.isKind(.object) else { throw mismatch("an object") }
        return JSONMembers(self)
    }
}
