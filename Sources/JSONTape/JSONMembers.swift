/// The members of an object: asked for by name, or one after the other. It borrows the document and cannot be kept.
///
/// The search for a name begins behind the member that was found last and goes round once, so members that are asked
/// for in the order in which they lie are each found at once, and in any other order they are found too. `jsonb` sorts
/// members by the length of their name, then by its bytes.
@frozen
public struct JSONMembers: ~Escapable {
    @usableFromInline let document: RawSpan
    @usableFromInline let tape: Span<TapeEntry>
    /// The object's entry.
    @usableFromInline let objectIndex: Int
    /// The name where the search begins, or the next one to hand out: `objectIndex < index <= end`.
    @usableFromInline var index: Int
    @usableFromInline let end: Int

    /// The object is known to be one.
    @inlinable
    @inline(always)
    @_lifetime(copy object)
    init(_ object: JSONView) {
        document = object.document
        tape = object.tape
        objectIndex = object.index
        index = object.index &+ 1
        end = object.index &+ 1 &+ Int(object.entry.extent)
    }

    /// The object itself.
    @inlinable public var object: JSONView {
        @_lifetime(copy self) get { JSONView(document, tape, objectIndex) }
    }

    /// Decodes the member of that name.
    ///
    /// - Throws: `valueMissing` where there is none, unless the type is an optional; what the type throws.
    @inlinable
    @inline(always)
    @_lifetime(self: copy self)
    public mutating func decode<Value: JSONDecodable>(
        _ key: StaticString, as type: Value.Type = Value.self
    ) throws(JSONError) -> Value {
        let found = find(key)
        guard found >= 0 else {
            guard let value = Value.missing else { throw missing(key) }
            return value
        }
        return try Value(json: JSONView(document, tape, found))
    }

    /// Returns the member of that name, or nil where there is none.
    @inlinable
    @inline(always)
    @_lifetime(self: copy self)
    @_lifetime(copy self)
    public mutating func value(_ key: StaticString) -> JSONView? {
        let found = find(key)
        return found < 0 ? nil : JSONView(document, tape, found)
    }

    /// Returns the next member, or nil behind the last one; in the order of the document.
    @inlinable
    @inline(always)
    @_lifetime(self: copy self)
    @_lifetime(copy self)
    public mutating func next() -> JSONMember? {
        while index < end {
            let key = index
            index = key &+ 2 &+ Int(tape[key &+ 1].extent)
            if !tape[key].isShadowed { return JSONMember(document, tape, key) }
        }
        return nil
    }

    /// The entry of the value with that name, or −1; goes round once from `index`.
    @inlinable
    @inline(always)
    @_lifetime(self: copy self)
    mutating func find(_ key: StaticString) -> Int {
        let first = index
        while index < end {
            let candidate = index
            index = candidate &+ 2 &+ Int(tape[candidate &+ 1].extent)
            if tape[candidate].isName(key, in: document) { return candidate &+ 1 }
        }
        index = objectIndex &+ 1
        while index < first {
            let candidate = index
            index = candidate &+ 2 &+ Int(tape[candidate &+ 1].extent)
            if tape[candidate].isName(key, in: document) { return candidate &+ 1 }
        }
        return -1
    }

    @usableFromInline
    @inline(never)
    func missing(_ key: StaticString) -> JSONError {
        JSONError(
            .valueMissing, "there is no such member", byteOffset: object.byteOffset,
            path: object.path + [.key(key.description)])
    }

    /// The entry of the value with that name, or −1.
    func index(of key: String) -> Int {
        var key = key
        return key.withUTF8 { buffer in
            let text = unsafe RawSpan(_unsafeBytes: UnsafeRawBufferPointer(buffer))
            return tape.value(named: text, in: document, from: objectIndex + 1, to: end)
        }
    }
}

extension Span where Element == TapeEntry {
    /// The entry of the value whose name is `text`, among the members from one name's entry to another; or −1.
    func value(named text: RawSpan, in document: RawSpan, from start: Int, to end: Int) -> Int {
        var candidate = start
        while candidate < end {
            let entry = self[candidate]
            if entry.has(TapeEntry.hasEscapes) {
                if !entry.isShadowed, StringText(document, entry).isEqual(to: text) { return candidate &+ 1 }
            } else if Int(entry.byteCount) == text.byteCount,
                document.isEqual(entry.start, to: text, 0, count: text.byteCount)
            {
                return candidate &+ 1
            }
            candidate = candidate &+ 2 &+ Int(self[candidate &+ 1].extent)
        }
        return -1
    }
}

/// A member of an object: its name and its value. It borrows the document and cannot be kept.
@frozen
public struct JSONMember: ~Escapable {
    @usableFromInline let document: RawSpan
    @usableFromInline let tape: Span<TapeEntry>
    @usableFromInline let index: Int

    @inlinable
    @inline(always)
    @_lifetime(copy document, copy tape)
    init(_ document: RawSpan, _ tape: Span<TapeEntry>, _ index: Int) {
        self.document = document
        self.tape = tape
        self.index = index
    }

    /// The name, as a String made for this call.
    public var name: String { StringText(document, tape[index]).string }

    /// The value.
    @inlinable public var value: JSONView {
        @_lifetime(copy self) get { JSONView(document, tape, index &+ 1) }
    }

    /// Whether the member has that name; makes no String.
    @inlinable
    @inline(always)
    public func isNamed(_ name: StaticString) -> Bool { tape[index].isName(name, in: document) }
}

extension TapeEntry {
    /// Whether the entry is the name of a member and says `key`.
    @inlinable
    @inline(always)
    func isName(_ key: StaticString, in document: RawSpan) -> Bool {
        let count = key.utf8CodeUnitCount
        guard Int(byteCount) == count, !has(Self.hasEscapes) else {
            return has(Self.hasEscapes) && isEscapedName(key, in: document)
        }
        let name = unsafe key.utf8Start
        return unsafe document.isEqual(start, name, count: count)
    }

    @usableFromInline
    @inline(never)
    func isEscapedName(_ key: StaticString, in document: RawSpan) -> Bool {
        guard !isShadowed else { return false }
        return key.withUTF8Buffer { buffer in
            StringText(document, self).isEqual(to: unsafe RawSpan(_unsafeBytes: UnsafeRawBufferPointer(buffer)))
        }
    }
}

extension RawSpan {
    /// Whether the bytes at `offset`, known to be there, are `count` others. With a constant count this is a few loads.
    @inlinable
    @inline(always)
    func isEqual(_ offset: Int, _ other: UnsafePointer<UInt8>, count: Int) -> Bool {
        let other = unsafe UnsafeRawPointer(other)
        var place = 0
        while place &+ 8 <= count {
            let word = unsafe UInt64(littleEndian: other.loadUnaligned(fromByteOffset: place, as: UInt64.self))
            guard self.word(offset &+ place, as: UInt64.self) == word else { return false }
            place &+= 8
        }
        if count & 4 != 0 {
            let word = unsafe UInt32(littleEndian: other.loadUnaligned(fromByteOffset: place, as: UInt32.self))
            guard self.word(offset &+ place, as: UInt32.self) == word else { return false }
            place &+= 4
        }
        if count & 2 != 0 {
            let word = unsafe UInt16(littleEndian: other.loadUnaligned(fromByteOffset: place, as: UInt16.self))
            guard self.word(offset &+ place, as: UInt16.self) == word else { return false }
            place &+= 2
        }
        if count & 1 != 0 {
            guard unsafe byte(offset &+ place) == other.load(fromByteOffset: place, as: UInt8.self) else {
                return false
            }
        }
        return true
    }
}
