/// A type that describes its members itself: the fastest way from a document to a value.
///
/// ```swift
/// struct Customer: JSONDecodable {
///     let id: Int, name: String, tags: [String], note: String?
///
///     init(json: borrowing JSONView) throws(JSONError) {
///         var members = try json.members()
///         id = try members.decode("id")
///         name = try members.decode("name")
///         tags = try members.decode("tags")
///         note = try members.decode("note")
///     }
/// }
/// ```
///
/// Members may come in any order, and those that nobody asks for are stepped over.
public protocol JSONDecodable: SendableMetatype {
    /// Decodes a value.
    ///
    /// - Throws: `typeMismatch`, `unexpectedNull`, `numberOutOfRange` and whatever else the type finds wrong. Never a
    ///   value that is merely close.
    init(json: borrowing JSONView) throws(JSONError)

    /// What stands for a value that is not there: nothing, but for optionals. You need not write it.
    static var missing: Self? { get }
}

extension JSONDecodable {
    /// Nothing stands for a value that is not there.
    @inlinable public static var missing: Self? { nil }
}

extension Optional: JSONDecodable where Wrapped: JSONDecodable {
    /// Decodes the value; nil for `null`.
    @inlinable
    @inline(always)
    public init(json: borrowing JSONView) throws(JSONError) {
        self = json.isNull ? nil : try Wrapped(json: json)
    }

    /// An optional that is nil.
    @inlinable public static var missing: Wrapped?? { .some(nil) }
}

extension Array: JSONDecodable where Element: JSONDecodable {
    /// Decodes the elements of an array.
    @inlinable
    public init(json: borrowing JSONView) throws(JSONError) {
        guard json.entry.isKind(.array) else { throw json.mismatch("an array") }
        self.init()
        var elements = JSONElements(copy json)
        reserveCapacity(json.count)
        while let element = elements.next() { append(try Element(json: element)) }
    }
}

extension Dictionary: JSONDecodable where Key == String, Value: JSONDecodable {
    /// Decodes the members of an object.
    public init(json: borrowing JSONView) throws(JSONError) {
        var members = try json.members()
        self.init(minimumCapacity: json.count)
        while let member = members.next() { self[member.name] = try Value(json: member.value) }
    }
}

extension Bool: JSONDecodable {
    /// Decodes `true` or `false`.
    @inlinable
    @inline(always)
    public init(json: borrowing JSONView) throws(JSONError) {
        guard json.entry.isKind(.bool) else { throw json.mismatch("a bool") }
        self = json.entry.has(TapeEntry.isTrue)
    }
}

extension String: JSONDecodable {
    /// Decodes a string.
    @inlinable
    @inline(always)
    public init(json: borrowing JSONView) throws(JSONError) {
        let entry = json.entry
        guard entry.isKind(.string) else { throw json.mismatch("a string") }
        self.init(entry, in: json.document)
    }
}
