/// Finds where messages end in the bytes that pass one way, however they are cut.
///
/// Before the session begins messages have no type; a TLS request is answered by one byte without a length; and where
/// TLS begins, the messages are its records.
struct MessageBoundaries {
    private enum Kind { case untyped, answer, typed, record }

    /// The type of a handshake record, with which TLS begins; no message begins with it.
    private static let handshake: UInt8 = 22
    private static let encryptionRequests: Set<Int> = [80_877_103, 80_877_104]

    private var kind: Kind
    private var header: [UInt8] = []
    /// The bytes of the message that are still to come after its header.
    private var rest = 0
    private var hasAskedForEncryption = false

    init(_ direction: Fault.Direction) {
        kind = direction == .toServer ? .untyped : .typed
    }

    /// Whether the next byte is the first of a message.
    var isBetweenMessages: Bool { header.isEmpty }

    /// Takes the next message for the answer to a request for encryption.
    mutating func expectAnswer() { kind = .answer }

    /// Whether the last message asked for encryption, so that an answer of one byte comes the other way; true once.
    mutating func takeEncryptionRequest() -> Bool {
        defer { hasAskedForEncryption = false }
        return hasAskedForEncryption
    }

    /// Goes through the bytes to the end of the message at their front or, where that is not among them, to their own.
    mutating func advance(_ bytes: ArraySlice<UInt8>) -> (count: Int, isEnd: Bool) {
        var count = 0
        if header.isEmpty, let first = bytes.first { begin(with: first) }
        while header.count < headerBytes, count < bytes.count {
            header.append(bytes[bytes.startIndex + count])
            count += 1
            if header.count == headerBytes { rest = bodyBytes }
        }
        guard header.count == headerBytes else { return (count, false) }
        let taken = min(rest, bytes.count - count)
        rest -= taken
        count += taken
        guard rest == 0 else { return (count, false) }
        end()
        return (count, true)
    }

    private mutating func begin(with first: UInt8) {
        switch kind {
        case .untyped, .typed: if first == Self.handshake { kind = .record }
        // A server that is too old for the request answers with an error.
        case .answer: if first == UInt8(ascii: "E") { kind = .typed }
        case .record: break
        }
    }

    private var headerBytes: Int {
        switch kind {
        case .untyped: 8
        case .answer: 1
        case .typed, .record: 5
        }
    }

    private var bodyBytes: Int {
        func number(_ range: Range<Int>) -> Int { header[range].reduce(0) { $0 << 8 | Int($1) } }
        return switch kind {
        case .untyped: max(0, number(0..<4) - 8)
        case .answer: 0
        case .typed: max(0, number(1..<5) - 4)
        case .record: number(3..<5)
        }
    }

    private mutating func end() {
        switch kind {
        case .untyped:
            hasAskedForEncryption = Self.encryptionRequests.contains(header[4..<8].reduce(0) { $0 << 8 | Int($1) })
            if !hasAskedForEncryption { kind = .typed }
        // Records or messages come next; the first byte tells.
        case .answer: kind = .typed
        case .typed, .record: break
        }
        header.removeAll(keepingCapacity: true)
    }
}
