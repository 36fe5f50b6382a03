/// A JSON value of one's own: any document or a part of one, to keep, compare, print and pass on.
///
/// It is the document's bytes and tape, shared by all values within, so taking a member or an element copies nothing.
/// A value within keeps the whole document alive; `value.detached()` does not.
public struct JSONValue: Sendable {
    let document: OwnedDocument
    let index: Int

    init(_ document: OwnedDocument, _ index: Int) {
        self.document = document
        self.index = index
    }

    /// Scans a document.
    ///
    /// - Throws: `syntax`, `limitExceeded` or `duplicateKey`.
    public init(parsing bytes: RawSpan, limits: JSONLimits = JSONLimits()) throws(JSONError) {
        self.init(try OwnedDocument(scanning: bytes, limits: limits), 0)
    }

    /// Scans a document.
    ///
    /// - Throws: `syntax`, `limitExceeded` or `duplicateKey`.
    public init(parsing text: String, limits: JSONLimits = JSONLimits()) throws(JSONError) {
        let bytes = Array(text.utf8)
        try self.init(parsing: unsafe bytes.span.bytes, limits: limits)
    }

    /// The value where it lies.
    public var view: JSONView {
        @_lifetime(borrow self) get {
            unsafe _overrideLifetime(document.view(index), borrowing: self)
        }
    }

    /// Returns a copy that keeps no more than its own bytes alive.
    public func detached() -> JSONValue { JSONValue(OwnedDocument(copying: view), 0) }

    /// What the value is.
    public var kind: JSONKind { view.kind }

    /// Whether the value is `null`.
    public var isNull: Bool { view.isNull }

    /// The number of elements or members; 0 for anything else.
    public var count: Int { view.count }

    /// The member of that name, compared scalar by scalar; nil where there is none, and in what is no object.
    public subscript(key: String) -> JSONValue? { at([.key(key)]) }

    /// The element at that position, from 0; nil where there is none, and in what is no array.
    public subscript(position: Int) -> JSONValue? { at([.index(position)]) }

    /// The value that the steps lead to; nil where a step leads nowhere.
    public func at(_ steps: JSONPathStep...) -> JSONValue? { at(steps) }

    /// The value that the steps lead to; nil where a step leads nowhere.
    public func at(_ steps: [JSONPathStep]) -> JSONValue? {
        guard let found = view.at(steps) else { return nil }
        return JSONValue(document, found.index)
    }

    /// The elements of an array; none of anything else.
    public var elements: [JSONValue] {
        guard kind == .array else { return [] }
        var elements = JSONElements(view)
        var values: [JSONValue] = []
        while let element = elements.next() { values.append(JSONValue(document, element.index)) }
        return values
    }

    /// The members of an object in the order of the document; none of anything else.
    public var members: [(name: String, value: JSONValue)] {
        guard kind == .object else { return [] }
        var members = JSONMembers(view)
        var values: [(name: String, value: JSONValue)] = []
        while let member = members.next() { values.append((member.name, JSONValue(document, member.index + 1))) }
        return values
    }

    /// Decodes the value.
    public func decode<Value: JSONDecodable>(_ type: Value.Type = Value.self) throws(JSONError) -> Value {
        try Value(json: view)
    }

    /// Decodes the value into any `Decodable` type.
    @_disfavoredOverload
    public func decode<Value: Decodable>(
        _ type: Value.Type = Value.self, options: JSONDecodingOptions = JSONDecodingOptions()
    ) throws(JSONError) -> Value {
        try view.decode(type, options: options)
    }

    /// The text of a string; nil of anything else.
    public var string: String? { try? decode(String.self) }

    /// The number, where it is an integer that fits; nil otherwise.
    public var int: Int? { try? decode(Int.self) }

    /// The nearest Double of a number; nil of anything else, and of a number beyond the largest.
    public var double: Double? { try? decode(Double.self) }

    /// Whether the value is `true`; nil where it is neither that nor `false`.
    public var bool: Bool? { try? decode(Bool.self) }
}

extension JSONView {
    /// Returns a copy of the value that may be kept: its bytes and its part of the tape, in two allocations.
    public func owned() -> JSONValue { JSONValue(OwnedDocument(copying: self), 0) }
}

extension JSONValue: CustomStringConvertible {
    /// The value's text as it stands in the document.
    public var description: String {
        let text = view.bytes
        return String(copying: unsafe UTF8Span(unchecked: Span<UInt8>(_bytes: text)))
    }
}

extension JSONValue: JSONScalarDecodable {
    /// Keeps any value as it is.
    public init(json: borrowing JSONView) throws(JSONError) { self = json.owned() }
}

extension JSONValue: Encodable {
    /// Writes the value as it stands in its document; only with the encoder of this module.
    public func encode(to encoder: any Encoder) throws {
        guard let encoder = encoder as? TapeEncoder else {
            throw JSONError(.notEncodable, "a JSONValue can be encoded by JSONTape only")
        }
        encoder.write { $0.write(self) }
    }
}

extension JSONValue: Decodable {
    /// Keeps any value as it is; only with the decoders of this module.
    public init(from decoder: any Decoder) throws {
        guard let decoder = decoder as? TapeDecoder else {
            throw JSONError(.notEncodable, "a JSONValue can be decoded from JSON documents by a JSONTape only")
        }
        self = try decoder.context.withView(decoder.index) { json in json.owned() }
    }
}
