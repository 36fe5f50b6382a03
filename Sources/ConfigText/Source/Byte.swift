/// The characters that both formats are made of.
extension UInt8 {
    static let tab = UInt8(ascii: "\t")
    static let lineFeed = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")
    static let space = UInt8(ascii: " ")
    static let quote = UInt8(ascii: "\"")
    static let apostrophe = UInt8(ascii: "'")
    static let backslash = UInt8(ascii: "\\")
    static let hash = UInt8(ascii: "#")
    static let dash = UInt8(ascii: "-")
    static let colon = UInt8(ascii: ":")
    static let comma = UInt8(ascii: ",")
    static let question = UInt8(ascii: "?")
    static let leftBracket = UInt8(ascii: "[")
    static let rightBracket = UInt8(ascii: "]")
    static let leftBrace = UInt8(ascii: "{")
    static let rightBrace = UInt8(ascii: "}")

    /// Whether it ends a line, or is the zero after the document.
    var endsLine: Bool { self == .lineFeed || self == .carriageReturn || self == 0 }

    /// Whether it is white space, ends a line, or is the zero after the document.
    var isBlank: Bool { self == .space || self == .tab || endsLine }

    /// Whether it is one of `,[]{}`, which end plain text within brackets and braces.
    var isFlowIndicator: Bool {
        switch self {
        case .comma, .leftBracket, .rightBracket, .leftBrace, .rightBrace: true
        default: false
        }
    }

    /// Whether it is a decimal digit.
    var isDigit: Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= self }

    /// Whether it is a letter of ASCII, a digit, `_` or `-`.
    var isNameCharacter: Bool {
        let lower = self | 0x20
        return UInt8(ascii: "a")...UInt8(ascii: "z") ~= lower || isDigit || self == UInt8(ascii: "_") || self == .dash
    }

    /// The value of a hexadecimal digit.
    var hexadecimalValue: UInt32? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(self - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(self - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(self - UInt8(ascii: "A") + 10)
        default: nil
        }
    }
}

extension [UInt8] {
    /// Appends a character in UTF-8.
    mutating func append(_ scalar: Unicode.Scalar) {
        append(contentsOf: UTF8.encode(scalar)!)
    }
}
