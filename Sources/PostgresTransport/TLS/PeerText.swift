/// Text of a peer that nobody has vouched for, as it may stand in a message or a log.
enum PeerText {
    /// The most bytes of a peer's text that are shown: more than a name of a host can have.
    static let bytesMax = 255

    /// Returns printable ASCII as it is and every other byte, quotation mark and backslash as `\xNN`.
    static func printable(_ bytes: some Collection<UInt8>) -> String {
        var text: [UInt8] = []
        for byte in bytes.prefix(bytesMax) {
            if (0x20...0x7E).contains(byte), byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
                text.append(byte)
            } else {
                text += [UInt8(ascii: "\\"), UInt8(ascii: "x"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: text, as: UTF8.self) + (bytes.count > bytesMax ? "..." : "")
    }

    private static let digits = Array("0123456789abcdef".utf8)
}
