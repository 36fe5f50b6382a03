/// What lies at the front of the received bytes.
package enum Frame: Sendable {
    /// One whole message; `body` is what follows its length.
    case message(type: UInt8, body: Range<Int>)
    /// Whole DataRows, or CopyData messages where they are taken, without anything between them, as indices into the slab's
    /// row table.
    case rows(Range<Int>)
    /// The front of a message: `bytes` is how long it will be from its first byte on, as far as that is known.
    case more(bytes: Int)
    /// The slab's table of rows is full though bytes are left: they need another slab, not another read.
    case slabFull
    /// No message of the protocol starts like this, or not one that may come now.
    case violation(ProtocolViolation)
}

/// Finds the messages in received bytes (manual: "Message Formats").
///
/// It never looks into a message, but for the column count of rows and the code of requests for a proof; and it never
/// copies one. The type is looked at before the length, so that another protocol is not taken for a message too long.
package struct Deframer: Sendable {
    /// How long messages may be.
    package let limits: MessageLimits
    /// Set once the server has proven itself; until then its messages have to be short.
    package var isAuthenticated = false
    /// Whether the server has said nothing yet but notices: what makes no sense then is another protocol.
    package var awaitsGreeting = false

    /// Creates a deframer for a server that has not proven itself.
    package init(limits: MessageLimits = MessageLimits()) {
        self.limits = limits
    }

    /// The type byte and the length.
    static let headerBytes = 5

    /// Takes the next frame off the slab.
    ///
    /// - Parameters:
    ///   - columnCount: how many columns the rows of the running query have; nil where no row may come.
    ///   - takesCopyData: whether CopyData messages are framed as rows are; each is a message by itself where not.
    package func next(in slab: ReceiveSlab, columnCount: Int?, takesCopyData: Bool = false) -> Frame {
        let available = slab.end - slab.start
        guard available >= Self.headerBytes else { return .more(bytes: Self.headerBytes) }
        let bytes = slab.bytes(slab.start..<slab.end)
        let type = bytes.byte(at: 0)
        if awaitsGreeting, isForeign(bytes, type) { return .violation(Self.foreign(bytes)) }
        guard type != UInt8(ascii: "D") else { return nextRows(in: slab, columnCount: columnCount) }
        if takesCopyData, type == UInt8(ascii: "d") {
            let first = slab.rowCount
            return Self.frame(slab.frameCopyData(lengthMax: limits.rowBytesMax), after: first, in: slab)
        }
        switch length(of: type, bytes.bigEndian(at: 1, as: Int32.self)) {
        case .failure(let violation):
            return .violation(violation)
        case .success(let length) where length + 1 > available:
            if let violation = Self.impossibleRequest(bytes, type, length) { return .violation(violation) }
            return .more(bytes: length + 1)
        case .success(let length):
            let body = slab.start + Self.headerBytes..<slab.start + 1 + length
            slab.consume(upTo: body.upperBound)
            return .message(type: type, body: body)
        }
    }

    private func nextRows(in slab: ReceiveSlab, columnCount: Int?) -> Frame {
        guard let columnCount else {
            return .violation(ProtocolViolation(.unexpectedMessage, "DataRow message where no row can come"))
        }
        let first = slab.rowCount
        let stop = slab.frameRows(columnCount: columnCount, lengthMax: limits.rowBytesMax)
        return Self.frame(stop, after: first, in: slab)
    }

    /// What a run of rows is: those that are whole, or what is in the way of the first.
    private static func frame(_ stop: RowRunStop, after first: Int, in slab: ReceiveSlab) -> Frame {
        guard slab.rowCount == first else { return .rows(first..<slab.rowCount) }
        switch stop {
        case .otherMessage: return .more(bytes: headerBytes)
        case .more(let bytes): return .more(bytes: bytes)
        case .tableFull: return .slabFull
        case .violation(let violation): return .violation(violation)
        }
    }

    /// Whether the four bytes are printable characters.
    private static func isText(_ length: Int32) -> Bool {
        stride(from: 0, to: 32, by: 8).allSatisfy { (0x20...0x7E).contains(length >> $0 & 0xFF) }
    }

    /// Whether a peer's first message is none: it is text, or its type has no such length. Errors are another matter,
    /// because servers write some of them as text.
    private func isForeign(_ bytes: RawSpan, _ type: UInt8) -> Bool {
        guard type != UInt8(ascii: "E") else { return false }
        let length = bytes.bigEndian(at: 1, as: Int32.self)
        guard let form = MessageForm.of(type), !Self.isText(length) else { return true }
        switch type {
        case UInt8(ascii: "R"), UInt8(ascii: "N"), UInt8(ascii: "v"): return false
        default: return !form.admits(Int(length))
        }
    }

    private static func foreign(_ bytes: RawSpan) -> ProtocolViolation {
        let seen = [UInt8](copying: bytes.extracting(first: ForeignGreeting.bytesMax + 1))
        return ProtocolViolation(.foreignProtocol, ForeignGreeting(seen).message)
    }

    /// Requests for a proof tell by their code how long they are.
    private static func impossibleRequest(_ bytes: RawSpan, _ type: UInt8, _ length: Int) -> ProtocolViolation? {
        guard type == UInt8(ascii: "R"), bytes.byteCount >= headerBytes + 4,
            let only = MessageForm.length(ofAuthentication: bytes.bigEndian(at: headerBytes, as: Int32.self)),
            length != only
        else { return nil }
        return MessageForm.of(type)?.violation(length: length, insteadOf: only)
    }

    /// Checks a length field. It counts itself, so less than four is nonsense.
    private func length(of type: UInt8, _ length: Int32) -> Result<Int, ProtocolViolation> {
        guard let form = MessageForm.of(type) else { return .failure(.unknown(type)) }
        guard length >= 4 else {
            return .failure(ProtocolViolation(.malformedMessage, "message announces a length below its own size"))
        }
        let limit = limits.bytesMax(for: type, isAuthenticated: isAuthenticated)
        guard Int(length) <= limit else {
            if type == UInt8(ascii: "E"), !isAuthenticated, Self.isText(length) {
                // Not a length but the first characters of a text: so answers a server that cannot even fork.
                return .failure(ProtocolViolation(.unframedRefusal, "server refused the connection before start-up"))
            }
            return .failure(.tooLarge(length: Int(length), limit: limit))
        }
        guard form.admits(Int(length)) else { return .failure(form.violation(length: Int(length))) }
        return .success(Int(length))
    }
}

extension ProtocolViolation {
    static func tooLarge(length: Int, limit: Int) -> ProtocolViolation {
        ProtocolViolation(.messageTooLarge, "message of \(length) bytes is longer than the limit of \(limit)")
    }

    static func unknown(_ type: UInt8) -> ProtocolViolation {
        let digits = String(type, radix: 16)
        return ProtocolViolation(.unknownMessage, "message of unknown type 0x\(type < 16 ? "0" : "")\(digits)")
    }
}
