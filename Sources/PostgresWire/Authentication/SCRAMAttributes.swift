/// Reads the attributes of one SCRAM message of the server from front to back (RFC 5802, sections 5.1 and 7).
///
/// Order is fixed: the reader is asked for attributes by name, and another name there is a violation.
struct SCRAMAttributes {
    /// The limit of a server's message. Postgres needs less than a hundred bytes.
    static let messageBytesMax = 4 << 10

    private let message: [UInt8]
    private let name: StaticString
    /// Where the next attribute begins; `nil` after the last. `next <= message.count`.
    private var next: Int? = 0

    /// Creates a reader of the message that the RFC calls `name`.
    init(validating message: [UInt8], of name: StaticString) throws(ProtocolViolation) {
        self.message = message
        self.name = name
        guard message.count <= Self.messageBytesMax else { throw violation("is longer than the limit") }
        guard !message.contains(0), String(validating: message, as: UTF8.self) != nil else {
            throw violation("is not text")
        }
    }

    /// Reads the next attribute, whichever it is.
    mutating func attribute() throws(ProtocolViolation) -> (name: UInt8, value: ArraySlice<UInt8>) {
        guard let start = next else { throw violation("lacks an attribute") }
        let end = message[start...].firstIndex(of: UInt8(ascii: ",")) ?? message.count
        next = end < message.count ? end + 1 : nil
        let field = message[start..<end]
        guard field.count > 2, Self.isLetter(field[start]), field[start + 1] == UInt8(ascii: "=") else {
            throw violation("is not a list of attributes")
        }
        // "m" stands for an extension that one must understand to go on, and none is defined.
        guard field[start] != UInt8(ascii: "m") else { throw violation("demands an extension") }
        return (field[start], field[(start + 2)...])
    }

    /// Reads the value of the next attribute, which must be `expected`.
    mutating func value(of expected: Unicode.Scalar) throws(ProtocolViolation) -> ArraySlice<UInt8> {
        let (name, value) = try attribute()
        guard name == UInt8(ascii: expected) else { throw violation("has an attribute out of its order") }
        return value
    }

    /// Ends the message. Optional extensions may follow and are ignored; anything else is a violation, such as an
    /// attribute that the RFC defines and that has its place elsewhere.
    mutating func finish() throws(ProtocolViolation) {
        while next != nil {
            let (name, _) = try attribute()
            guard !Self.defined.contains(name) else { throw violation("has an attribute out of its order") }
        }
    }

    private static let defined = Array("anmrcsipve".utf8)

    /// Returns the violation that says what is wrong with this message.
    func violation(_ problem: String) -> ProtocolViolation {
        ProtocolViolation(.authentication, "SCRAM \(name) message \(problem)")
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
    }
}
