/// A value within a document that somebody else holds: where it lies, and what can be asked of it.
///
/// It borrows the document and the tape and cannot be kept; ``owned()`` makes a value that can. Finding a member is
/// linear in the number of members before it; ``JSONMembers`` is the way to read many.
@frozen
public struct JSONView: ~Escapable {
    /// The whole document.
    @usableFromInline let document: RawSpan
    @usableFromInline let tape: Span<TapeEntry>
    /// The value's entry.
    @usableFromInline let index: Int

    @inlinable
    @inline(always)
    @_lifetime(copy document, copy tape)
    init(_ document: RawSpan, _ tape: Span<TapeEntry>, _ index: Int) {
        self.document = document
        self.tape = tape
        self.index = index
    }

    @inlinable var entry: TapeEntry {
        @inline(always) get { tape[index] }
    }

    /// What the value is.
    @inlinable public var kind: JSONKind { entry.kind }

    /// Whether the value is `null`.
    @inlinable public var isNull: Bool { entry.isKind(.null) }

    /// The value's own text, as it stands in the document.
    public var bytes: RawSpan {
        @_lifetime(copy self) get {
            let entry = entry
            return entry.isKind(.string)
                ? document.part(entry.start - 1, entry.end + 1) : document.part(entry.start, entry.end)
        }
    }

    /// Where the value begins in the document, in bytes.
    public var byteOffset: Int { entry.isKind(.string) ? entry.start - 1 : entry.start }

    /// The number of elements or members, counted by stepping over them; 0 for anything else.
    @inlinable public var count: Int {
        var count = 0
        let end = index &+ 1 &+ Int(entry.extent)
        var item = index &+ 1
        let isObject = entry.isKind(.object)
        while item < end {
            let value = isObject ? item &+ 1 : item
            if !(isObject && tape[item].isShadowed) { count &+= 1 }
            item = value &+ 1 &+ Int(tape[value].extent)
        }
        return count
    }

    /// The element at `position`, from 0; nil where there is none, and in what is no array.
    public subscript(position: Int) -> JSONView? {
        @_lifetime(copy self) get {
            let found = index(at: position)
            return found < 0 ? nil : JSONView(document, tape, found)
        }
    }

    /// The member of that name, compared scalar by scalar; nil where there is none, and in what is no object.
    public subscript(key: String) -> JSONView? {
        @_lifetime(copy self) get {
            let found = index(of: key)
            return found < 0 ? nil : JSONView(document, tape, found)
        }
    }

    /// The value that the steps lead to, each a member's name or an element's position; nil where a step leads nowhere.
    ///
    ///     document.at("owner", "tags", 0)
    @_lifetime(copy self)
    public func at(_ steps: JSONPathStep...) -> JSONView? { at(steps) }

    /// The value that the steps lead to; nil where a step leads nowhere.
    @_lifetime(copy self)
    public func at(_ steps: [JSONPathStep]) -> JSONView? {
        var found = index
        for step in steps {
            switch step {
            case .key(let key): found = JSONView(document, tape, found).index(of: key)
            case .index(let position): found = JSONView(document, tape, found).index(at: position)
            }
            if found < 0 { return nil }
        }
        return JSONView(document, tape, found)
    }

    private func index(of key: String) -> Int {
        entry.isKind(.object) ? JSONMembers(self).index(of: key) : -1
    }

    private func index(at position: Int) -> Int {
        guard entry.isKind(.array), position >= 0, position < Int(entry.extent) else { return -1 }
        var elements = JSONElements(self)
        for _ in 0..<position { if !elements.skip() { return -1 } }
        return elements.index < elements.end ? elements.index : -1
    }

    /// The steps that lead here from the document's own value.
    public var path: [JSONPathStep] { TapePath(document, tape).steps(to: index) }

    /// Decodes the value.
    @inlinable
    public func decode<Value: JSONDecodable>(_ type: Value.Type = Value.self) throws(JSONError) -> Value {
        try Value(json: self)
    }

    /// Decodes the value that the steps lead to; with no step, this one.
    ///
    /// - Throws: `valueMissing` where a step leads nowhere and the type is not an optional, or what the type throws.
    public func decode<Value: JSONDecodable>(
        _ steps: JSONPathStep..., as type: Value.Type = Value.self
    ) throws(JSONError) -> Value {
        guard let found = at(steps) else {
            guard let value = Value.missing else {
                throw JSONError(.valueMissing, "there is no such value", byteOffset: byteOffset, path: path + steps)
            }
            return value
        }
        return try Value(json: found)
    }
}

extension JSONView {
    /// Returns the error for a value that a conversion does not take; the message is one line and does not hold it.
    @inline(never)
    public func failure(_ code: JSONErrorCode, _ message: String) -> JSONError {
        JSONError(code, message, byteOffset: byteOffset, path: path)
    }

    /// Returns the error for a value of the wrong kind; `needed` is what would be right, such as "a number".
    @inline(never)
    public func mismatch(_ needed: String) -> JSONError {
        guard !isNull else { return failure(.unexpectedNull, "null where \(needed) is needed") }
        return failure(.typeMismatch, "\(kind) where \(needed) is needed")
    }
}
