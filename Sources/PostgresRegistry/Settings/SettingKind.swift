import PostgresStreaming

/// What the text of a setting has to be.
enum SettingKind: Sendable, Hashable {
    /// A keyword of libpq, which reads its own values.
    case keyword
    case text
    /// The path of a file, relative to the document.
    case path
    /// `true` or `false`.
    case flag
    case integer(ClosedRange<Int>)
    /// A number from 0 to 1.
    case fraction
    /// A number with a unit.
    case duration
    case word([String])

    /// What else has to be written, for an error; nil where every text will do.
    var expectation: String? {
        switch self {
        case .keyword, .text, .path: nil
        case .flag: "is neither true nor false"
        case .integer(let range) where range.upperBound == .max: "is not a whole number from \(range.lowerBound) on"
        case .integer(let range): "is not a whole number in \(range.lowerBound)…\(range.upperBound)"
        case .fraction: "is not a number from 0 to 1"
        case .duration: "is not a time with a unit"
        case .word(let words): "is none of \(words.joined(separator: ", "))"
        }
    }

    /// How to write it, for an error.
    var hint: String? {
        switch self {
        case .duration: "Write a whole number and a unit: 500ms, 30s, 5min, 1h or 1d."
        case .flag: "Only true and false count; yes, no, on, off, 1 and 0 do not."
        default: nil
        }
    }
}

/// The value of a setting, read by its kind.
enum SettingValue: Sendable, Hashable {
    case text(String)
    case flag(Bool)
    case integer(Int)
    case fraction(Double)
    case duration(Duration)

    /// Reads a text; nil where it is not of the kind.
    init?(_ text: String, as kind: SettingKind) {
        switch kind {
        case .keyword, .text, .path: self = .text(text)
        case .flag:
            guard text == "true" || text == "false" else { return nil }
            self = .flag(text == "true")
        case .integer(let range):
            guard text.utf8.first != UInt8(ascii: "+"), let number = Int(text), range.contains(number) else {
                return nil
            }
            self = .integer(number)
        case .fraction:
            guard let number = Self.fraction(text) else { return nil }
            self = .fraction(number)
        case .duration:
            guard let duration = Self.duration(text) else { return nil }
            self = .duration(duration)
        case .word(let words):
            guard words.contains(text) else { return nil }
            self = .text(text)
        }
    }

    private static func fraction(_ text: String) -> Double? {
        guard text.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || $0 == UInt8(ascii: ".") }),
            let number = Double(text), (0...1).contains(number)
        else { return nil }
        return number
    }

    private static func duration(_ text: String) -> Duration? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        // Ten years in milliseconds have twelve digits.
        guard !digits.isEmpty, digits.count <= 12, let count = Int64(digits) else { return nil }
        switch text[digits.endIndex...] {
        case "us": return .microseconds(count)
        case "ms": return .milliseconds(count)
        case "s": return .seconds(count)
        case "min": return .seconds(count * 60)
        case "h": return .seconds(count * 3600)
        case "d": return .seconds(count * 86_400)
        default: return nil
        }
    }
}
