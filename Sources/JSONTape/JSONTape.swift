/// Reads JSON documents where they lie: one pass checks the bytes and writes a flat tape of where everything is; values
/// are decoded when somebody asks for them, straight from the bytes.
///
/// The tape belongs to whoever made it and is used again for one document after the other, so in steady state a
/// document costs no allocation but for what its values need, such as long strings.
///
/// ```swift
/// var tape = JSONTape()
/// for document in documents {
///     let value = try unsafe tape.scan(document.span.bytes)
///     print(try value.decode("owner", "name", as: String.self))
/// }
/// ```
///
/// What is read into, from fastest to most convenient:
///
/// | | |
/// |---|---|
/// | ``JSONDecodable`` | a few lines for each type; members are found without making a String |
/// | ``JSONView`` | single values by key, index and path, in place |
/// | ``JSONValue`` | the document as an owned value that may be kept and passed on |
/// | `Decodable` | any type, through ``decode(_:from:options:)`` |
///
/// A document is checked whole before anything of it is decoded, against RFC 8259 and nothing less: UTF-8 throughout, no
/// lone surrogates, no commas too many, no `NaN`. Numbers are kept as they are written. ``JSONLimits`` bounds depth and
/// length. The time is linear in the document's length, whatever it holds.
public struct JSONTape: ~Copyable {
    /// What documents may be.
    public var limits: JSONLimits
    let storage = TapeStorage()
    /// For `Decodable` types where a call says nothing else.
    let options: JSONDecodingOptions
    var context: DecodingContext

    /// Creates an empty tape: 1 KiB, which grows with the documents and is given back after a large one.
    ///
    /// - Parameters:
    ///   - limits: what documents may be.
    ///   - options: how `Decodable` types are decoded where a call says nothing else.
    public init(limits: JSONLimits = JSONLimits(), options: JSONDecodingOptions = JSONDecodingOptions()) {
        self.limits = limits
        self.options = options
        context = DecodingContext(options)
    }

    /// Scans a document and returns its value, which borrows both the bytes and the tape.
    ///
    /// The bytes are to be left alone, and the tape is taken, for as long as the value is used.
    ///
    /// - Throws: `syntax`, `limitExceeded` or `duplicateKey`.
    @_lifetime(&self, copy bytes)
    public mutating func scan(_ bytes: RawSpan) throws(JSONError) -> JSONView {
        try fill(bytes)
        // What it depends on says the signature; the compiler cannot follow that into the storage.
        return unsafe _overrideLifetime(JSONView(bytes, storage.tape, 0), copying: ())
    }

    /// Decodes a document into a type that describes its members itself.
    ///
    /// - Throws: what `scan` throws, and what the type's initialiser throws.
    @inlinable
    public mutating func decode<Value: JSONDecodable>(
        _ type: Value.Type = Value.self, from bytes: RawSpan
    ) throws(JSONError) -> Value {
        let view = try scan(bytes)
        return try Value(json: view)
    }

    func fill(_ bytes: RawSpan) throws(JSONError) {
        storage.begin(byteCount: bytes.byteCount)
        try Scanner.scan(bytes, limits, into: storage)
    }
}
