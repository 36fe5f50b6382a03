/// What a peer says that speaks another protocol, such as SSH or HTTP, as it may stand in an error: its first line, short,
/// and with nothing in it that could steer a terminal.
package struct ForeignGreeting: Hashable, Sendable {
    /// Printable ASCII as it is, and every other byte, quotation mark and backslash as `\xNN`.
    package let text: String

    /// The most bytes that are shown.
    package static let bytesMax = 32

    /// Takes the bytes that have come.
    package init(_ bytes: some Sequence<UInt8>) {
        var text = ""
        var count = 0
        for byte in bytes {
            if count > 0, byte == UInt8(ascii: "\r") || byte == UInt8(ascii: "\n") { break }
            guard count < Self.bytesMax else {
                text += "..."
                break
            }
            text += Self.shown(byte)
            count += 1
        }
        self.text = text
    }

    private static func shown(_ byte: UInt8) -> String {
        guard isPrintable(byte), byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") else {
            return "\\x\(byte < 16 ? "0" : "")\(String(byte, radix: 16))"
        }
        return String(Unicode.Scalar(byte))
    }

    /// Whether the bytes are the beginning of a text, as a greeting of another protocol often is: a message of Postgres,
    /// and a record of TLS, has a zero or another such byte among its first five.
    package static func isText(_ bytes: some Collection<UInt8>) -> Bool {
        bytes.count >= Deframer.headerBytes
            && bytes.allSatisfy { isPrintable($0) || $0 == UInt8(ascii: "\r") || $0 == UInt8(ascii: "\n") }
    }

    private static func isPrintable(_ byte: UInt8) -> Bool { (0x20...0x7E).contains(byte) }

    /// Says that the peer is something else.
    package var message: String { "what answers is not a Postgres server: it says \"\(text)\"" }
}
