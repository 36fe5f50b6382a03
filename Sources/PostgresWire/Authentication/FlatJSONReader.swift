/// Reads strings out of one JSON object (RFC 8259). Strict, and bounded by the length of its bytes and a depth: it is for
/// short messages of a peer that has not proven itself.
struct FlatJSONReader {
    /// The text is not JSON, is too deep, or has a member that is not as it was asked for.
    struct Malformed: Error {}

    private let bytes: [UInt8]
    /// `0 <= position <= bytes.count`
    private var position = 0
    private static let depthMax = 8

    /// Returns the members of these names, which may be missing, but not be there twice or be anything but strings.
    ///
    /// - Parameter bytes: UTF-8.
    static func strings(named names: [String], in bytes: [UInt8]) throws(Malformed) -> [String: String] {
        var reader = FlatJSONReader(bytes: bytes)
        var found: [String: String] = [:]
        try reader.object { (name, reader) throws(Malformed) in
            guard names.contains(name) else { return try reader.skipValue(depth: 2) }
            let value = try reader.string()
            guard found.updateValue(value, forKey: name) == nil else { throw Malformed() }
        }
        reader.skipSpace()
        guard reader.position == bytes.count else { throw Malformed() }
        return found
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    // MARK: values

    private mutating func object(
        _ member: (String, inout FlatJSONReader) throws(Malformed) -> Void
    ) throws(Malformed) {
        try list(from: "{", to: "}") { (reader) throws(Malformed) in
            let name = try reader.string()
            try reader.expect(":")
            try member(name, &reader)
        }
    }

    /// Reads what stands between brackets and is parted by commas.
    private mutating func list(
        from start: Unicode.Scalar, to end: Unicode.Scalar,
        _ element: (inout FlatJSONReader) throws(Malformed) -> Void
    ) throws(Malformed) {
        try expect(start)
        if takeIf(end) { return }
        repeat { try element(&self) } while takeIf(",")
        try expect(end)
    }

    private mutating func skipValue(depth: Int) throws(Malformed) {
        skipSpace()
        if peek == UInt8(ascii: "{") || peek == UInt8(ascii: "["), depth > Self.depthMax { throw Malformed() }
        switch peek {
        case UInt8(ascii: "{"):
            try object { (_, reader) throws(Malformed) in try reader.skipValue(depth: depth + 1) }
        case UInt8(ascii: "["):
            try list(from: "[", to: "]") { (reader) throws(Malformed) in try reader.skipValue(depth: depth + 1) }
        case UInt8(ascii: "\""): _ = try string()
        case UInt8(ascii: "t"): try skip("true")
        case UInt8(ascii: "f"): try skip("false")
        case UInt8(ascii: "n"): try skip("null")
        default: try skipNumber()
        }
    }

    private mutating func skip(_ word: String) throws(Malformed) {
        for byte in word.utf8 where take() != byte { throw Malformed() }
    }

    private mutating func skipNumber() throws(Malformed) {
        if peek == UInt8(ascii: "-") { position += 1 }
        if peek == UInt8(ascii: "0") { position += 1 } else { try skipDigits() }
        if peek == UInt8(ascii: ".") {
            position += 1
            try skipDigits()
        }
        guard let sign = peek, sign | 0x20 == UInt8(ascii: "e") else { return }
        position += 1
        if peek == UInt8(ascii: "+") || peek == UInt8(ascii: "-") { position += 1 }
        try skipDigits()
    }

    private mutating func skipDigits() throws(Malformed) {
        let start = position
        while let digit = peek, UInt8(ascii: "0")...UInt8(ascii: "9") ~= digit { position += 1 }
        guard position > start else { throw Malformed() }
    }

    // MARK: strings

    private mutating func string() throws(Malformed) -> String {
        try expect("\"")
        var text: [UInt8] = []
        while let byte = take() {
            switch byte {
            case UInt8(ascii: "\""):
                guard let string = String(validating: text, as: UTF8.self) else { throw Malformed() }
                return string
            case UInt8(ascii: "\\"):
                let scalar = try escape()
                text += String(scalar).utf8
            case 0x20...: text.append(byte)
            default: throw Malformed()
            }
        }
        throw Malformed()
    }

    private mutating func escape() throws(Malformed) -> Unicode.Scalar {
        switch take() {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try codePoint()
        default: throw Malformed()
        }
    }

    private mutating func codePoint() throws(Malformed) -> Unicode.Scalar {
        let first = try fourDigits()
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard 0xD800...0xDBFF ~= first, take() == UInt8(ascii: "\\"), take() == UInt8(ascii: "u") else {
            throw Malformed()
        }
        let second = try fourDigits()
        guard 0xDC00...0xDFFF ~= second,
            let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        else { throw Malformed() }
        return scalar
    }

    private mutating func fourDigits() throws(Malformed) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            let digit: UInt8
            switch take() {
            case let byte? where UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte: digit = byte - UInt8(ascii: "0")
            case let byte? where UInt8(ascii: "a")...UInt8(ascii: "f") ~= byte | 0x20:
                digit = (byte | 0x20) - UInt8(ascii: "a") + 10
            default: throw Malformed()
            }
            value = value << 4 | UInt32(digit)
        }
        return value
    }

    // MARK: bytes

    private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func take() -> UInt8? {
        guard let byte = peek else { return nil }
        position += 1
        return byte
    }

    private mutating func skipSpace() {
        while let byte = peek, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { position += 1 }
    }

    private mutating func takeIf(_ scalar: Unicode.Scalar) -> Bool {
        skipSpace()
        guard peek == UInt8(ascii: scalar) else { return false }
        position += 1
        return true
    }

    private mutating func expect(_ scalar: Unicode.Scalar) throws(Malformed) {
        guard takeIf(scalar) else { throw Malformed() }
    }
}
