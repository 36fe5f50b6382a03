/// Why a document could not be read, or a value not be decoded or encoded.
///
/// It names the place and what is wrong there, and never holds a value.
public struct JSONError: Error, Hashable, Sendable {
    /// What went wrong.
    public let code: JSONErrorCode
    /// What could not be done, in words: one line, lower case.
    public let message: String
    /// Where in the document, in bytes from its front; nil where there is no document, as when encoding.
    public let byteOffset: Int?
    /// The members and elements that lead there.
    public internal(set) var path: [JSONPathStep]

    /// Creates an error, such as one of a conversion of your own. The message is one line and holds no value.
    public init(_ code: JSONErrorCode, _ message: String, byteOffset: Int? = nil, path: [JSONPathStep] = []) {
        self.code = code
        self.message = message
        self.byteOffset = byteOffset
        self.path = path
    }
}

extension JSONError: CustomStringConvertible {
    /// The message with path and offset, as in `string where a number is needed, at owner.tags[2], byte 117`.
    public var description: String {
        let path = self.path.isEmpty ? "" : ", at \(JSONPathStep.text(self.path))"
        return message + path + (byteOffset.map { ", byte \($0)" } ?? "")
    }
}

/// What can go wrong; new releases may add codes.
public struct JSONErrorCode: Hashable, Sendable, CustomStringConvertible {
    /// The code's name.
    public let description: String

    private init(_ description: String) { self.description = description }

    /// The bytes are no JSON document of RFC 8259.
    public static let syntax = JSONErrorCode("syntax")
    /// The document is deeper or longer than the limits allow.
    public static let limitExceeded = JSONErrorCode("limitExceeded")
    /// An object has two members of one name, and that is not allowed.
    public static let duplicateKey = JSONErrorCode("duplicateKey")
    /// The value is of another kind than the type needs.
    public static let typeMismatch = JSONErrorCode("typeMismatch")
    /// The type cannot hold the number.
    public static let numberOutOfRange = JSONErrorCode("numberOutOfRange")
    /// The object has no member of that name, or the array no further element.
    public static let valueMissing = JSONErrorCode("valueMissing")
    /// The value is null where something is needed.
    public static let unexpectedNull = JSONErrorCode("unexpectedNull")
    /// The value is of the right kind, and a conversion refused it.
    public static let valueInvalid = JSONErrorCode("valueInvalid")
    /// The value has no form in JSON.
    public static let notEncodable = JSONErrorCode("notEncodable")
    /// A decoder was used after the document that it reads was gone.
    public static let decoderOutlived = JSONErrorCode("decoderOutlived")
}
