public import JSONTape
import PostgresFoundation

/// Makes a document out of its bytes, where they lie.
@usableFromInline
struct DocumentDecoder<Document>: Sendable {
    @usableFromInline let decode: @Sendable (inout JSONTape, RawSpan) throws(JSONError) -> Document
    /// For `Decodable` documents: what the tape is made with.
    let options: JSONDecodingOptions

    @usableFromInline
    init(_ decode: @escaping @Sendable (inout JSONTape, RawSpan) throws(JSONError) -> Document) {
        self.init(options: JSONDecodingOptions(), decode)
    }

    init(
        options: JSONDecodingOptions,
        _ decode: @escaping @Sendable (inout JSONTape, RawSpan) throws(JSONError) -> Document
    ) {
        self.options = options
        self.decode = decode
    }
}

extension DocumentDecoder<[UInt8]> {
    /// Copies the bytes.
    static let bytes = DocumentDecoder { _, bytes throws(JSONError) in
        unsafe bytes.withUnsafeBytes { unsafe Array($0) }
    }
}

extension JSONDecodingOptions {
    /// Foundation's types in `Decodable` documents.
    static let fraise = JSONDecodingOptions.foundation
}
