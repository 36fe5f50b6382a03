/// Takes the one value that a conversion writes.
public struct JSONOutput {
    /// The text of the value so far.
    private(set) var bytes: [UInt8] = []

    init() {}

    /// Writes a string, escaped as needed.
    public mutating func write(_ string: String) { Self.append(string, to: &bytes) }

    /// Writes an integer.
    public mutating func write(_ integer: some FixedWidthInteger) { bytes.append(contentsOf: integer.description.utf8) }

    /// Writes a number by its shortest text that reads as the same Double; false, and nothing, where it is not finite.
    @discardableResult
    public mutating func write(_ number: Double) -> Bool { append(number) }

    mutating func append(_ number: some BinaryFloatingPoint & CustomStringConvertible) -> Bool {
        guard number.isFinite else { return false }
        bytes.append(contentsOf: number.description.utf8)
        return true
    }

    mutating func append(_ flag: Bool) { bytes.append(contentsOf: (flag ? "true" : "false").utf8) }

    /// Writes a JSON value as it is.
    public mutating func write(_ value: JSONValue) {
        let text = value.view.bytes
        unsafe text.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
    }

    /// Quotes, backslashes and control characters are escaped; everything else stays as it is.
    static func append(_ string: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        for byte in string.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
            case 0x0A: bytes.append(contentsOf: #"\n"#.utf8)
            case 0x0D: bytes.append(contentsOf: #"\r"#.utf8)
            case 0x09: bytes.append(contentsOf: #"\t"#.utf8)
            case 0..<0x20:
                bytes.append(contentsOf: (byte < 0x10 ? #"\u000"# : #"\u00"#).utf8)
                bytes.append(contentsOf: String(byte, radix: 16).utf8)
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
