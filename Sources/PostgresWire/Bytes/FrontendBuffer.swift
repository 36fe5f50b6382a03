/// The bytes on their way to the server.
///
/// Indices: `0 <= sent <= end <= bytes.count`. A message that cannot be encoded leaves the buffer as it was, so the server
/// never sees half of one. Secrets are overwritten once the transport has taken everything.
package struct FrontendBuffer: Sendable {
    private var bytes: [UInt8] = []
    /// The bytes of the front that the transport has taken already.
    private var sent = 0
    /// Whether there may be a secret among the bytes.
    private var holdsSecret = false

    /// Where bytes are to come that were announced, and how many of them; nil where none are. Nothing after it is sent yet.
    private var gap: (position: Int, byteCount: Int)?
    /// The parameter of the next Bind whose value comes later, and its length.
    private var announced: (parameter: Int, byteCount: Int)?

    /// Creates an empty buffer.
    package init() {}

    /// Whether the transport has taken everything that may be sent.
    package var isEmpty: Bool { sent == end }

    /// The number of bytes that may be sent and that the transport has not taken yet.
    package var count: Int { end - sent }

    private var end: Int { gap?.position ?? bytes.count }

    /// The bytes that may be sent and that the transport has not taken yet.
    package var pending: RawSpan {
        @_lifetime(borrow self) get { unsafe bytes.span.bytes.extracting(sent..<end) }
    }

    /// Notes that the transport took `count` of the pending bytes.
    package mutating func markSent(_ count: Int) {
        precondition(count <= self.count, "the transport cannot take more than was pending")
        sent += count
        guard sent == bytes.count else { return giveUpSent() }
        overwriteSecrets(from: 0)
        sent = 0
        // One huge message must not keep its memory for the life of the connection.
        bytes.removeAll(keepingCapacity: bytes.capacity <= Self.capacityKept)
    }

    private static let capacityKept = 64 << 10

    /// Gives up what was sent where that is most of the buffer: one that is added to before it runs dry must not grow.
    private mutating func giveUpSent() {
        guard sent >= Self.capacityKept, sent >= count, !holdsSecret else { return }
        bytes.removeSubrange(..<sent)
        gap?.position -= sent
        sent = 0
    }

    /// Announces `count` bytes of a message that holds a secret. They get their room before the first of them is
    /// written, because a buffer that grows leaves what it held behind.
    package mutating func makeRoom(forSecret count: Int) {
        bytes.reserveCapacity(bytes.count + count)
        holdsSecret = true
    }

    /// Gives up what was not sent, if there may be a secret in it.
    package mutating func dropSecrets() {
        guard holdsSecret else { return }
        overwriteSecrets(from: 0)
        bytes = []
        sent = 0
    }

    private mutating func overwriteSecrets(from start: Int) {
        guard holdsSecret else { return }
        bytes.overwrite(from: start)
        holdsSecret = start > 0
    }

    /// Appends one frontend message.
    package mutating func append(_ message: borrowing some FrontendMessage) throws(FrontendMessageError) {
        try flight(message.encode)
    }

    /// Appends the messages that `body` encodes, all of them or, if one cannot be encoded, none.
    package mutating func flight(
        _ body: (inout FrontendBuffer) throws(FrontendMessageError) -> Void
    ) throws(FrontendMessageError) {
        let start = bytes.count
        do throws(FrontendMessageError) {
            try body(&self)
        } catch {
            overwriteSecrets(from: start)
            bytes.removeSubrange(start...)
            (gap, announced) = (nil, nil)
            throw error
        }
    }

    // MARK: a value that comes later

    /// Has the next Bind announce a value of `byteCount` bytes for a parameter, in the place of its own, which is empty. What
    /// follows it waits until `fillGap` has brought all of them.
    package mutating func announceValue(ofParameter index: Int, byteCount: Int) {
        precondition(gap == nil && byteCount >= 0, "one value at a time comes later")
        // A length beyond that of a message is found when the message ends.
        announced = (index, min(byteCount, Int(Int32.max)))
    }

    /// How many of the announced bytes are still to come.
    package var gapBytes: Int { gap?.byteCount ?? 0 }

    /// Takes some of the announced bytes.
    package mutating func fillGap(_ more: RawSpan) {
        guard let (position, left) = gap, more.byteCount <= left else {
            preconditionFailure("no more bytes come than were announced")
        }
        bytes.insert(contentsOf: [UInt8](copying: more), at: position)
        gap = left == more.byteCount ? nil : (position + more.byteCount, left - more.byteCount)
    }

    /// Writes the cells of parameters, one of which may be a value that comes later.
    mutating func cells(_ cells: [UInt8]) {
        let start = bytes.count
        raw(cells)
        guard let (index, byteCount) = announced else { return }
        announced = nil
        var offset = 0
        for _ in 0..<index { offset += 4 + max(Int(cells.rawSpan.bigEndian(at: offset, as: Int32.self)), 0) }
        bytes.replace(bigEndian: Int32(byteCount), at: start + offset)
        if byteCount > 0 { gap = (start + offset + 4, byteCount) }
    }

    // MARK: fields, for the messages' own `encode`

    /// Writes the type byte, the length and then the fields that `body` appends.
    package mutating func message(
        _ type: UInt8, _ body: (inout FrontendBuffer) throws(FrontendMessageError) -> Void
    ) throws(FrontendMessageError) {
        bytes.append(type)
        try untypedMessage(body)
    }

    /// Writes the length and then the fields: StartupMessage and its kin have no type byte.
    package mutating func untypedMessage(
        _ body: (inout FrontendBuffer) throws(FrontendMessageError) -> Void
    ) throws(FrontendMessageError) {
        let start = bytes.count
        bytes.append(bigEndian: Int32(0))
        try body(&self)
        let later = gap.map { $0.position >= start ? $0.byteCount : 0 } ?? 0
        guard let length = Self.messageLength(bytes.count - start + later) else {
            throw FrontendMessageError.messageTooLarge
        }
        bytes.replace(bigEndian: length, at: start)
    }

    /// The length field of a message with so many bytes after its type; nil where the server would refuse it.
    static func messageLength(_ byteCount: Int) -> Int32? {
        Int32(exactly: byteCount).flatMap { $0 <= lengthMax ? $0 : nil }
    }

    /// The server refuses longer messages (its `PQ_LARGE_MESSAGE_LIMIT` is one below a GiB).
    private static let lengthMax: Int32 = (1 << 30) - 1

    /// Appends an integer in network byte order.
    package mutating func integer(_ value: some FixedWidthInteger) {
        bytes.append(bigEndian: value)
    }

    /// Appends a String field: the UTF-8 of the text and a NUL. A NUL inside the text is refused.
    package mutating func string(_ text: String) throws(FrontendMessageError) {
        guard !text.withBytes({ $0.contains(0) }) else { throw FrontendMessageError.containsNUL }
        makeRoom(for: text.utf8.count)
        bytes.append(contentsOf: text.utf8)
        bytes.append(0)
    }

    /// Appends a String field from the bytes of its text. A NUL among them is refused.
    package mutating func string(_ text: [UInt8]) throws(FrontendMessageError) {
        guard !text.rawSpan.contains(0) else { throw FrontendMessageError.containsNUL }
        bytes.append(contentsOf: text)
        bytes.append(0)
    }

    /// A field of a megabyte gets no more room than it needs: by itself an array that grows takes twice as much, and is
    /// copied once more for the few bytes that come after.
    private mutating func makeRoom(for count: Int) {
        if count > Self.capacityKept { bytes.reserveCapacity(bytes.count + count + Self.roomAfterLongField) }
    }

    private static let roomAfterLongField = 4 << 10

    /// Appends the bytes as they are.
    package mutating func raw(_ more: [UInt8]) {
        makeRoom(for: more.count)
        bytes.append(contentsOf: more)
    }

    /// Appends the bytes of a span as they are.
    package mutating func raw(_ more: RawSpan) {
        makeRoom(for: more.byteCount)
        bytes.append(copying: more)
    }

    /// Appends whole messages, and leaves the array empty: what is appended to nothing is not copied.
    mutating func append(moving messages: inout [UInt8]) {
        if bytes.isEmpty, !holdsSecret {
            swap(&bytes, &messages)
        } else {
            bytes.append(contentsOf: messages)
            messages.removeAll(keepingCapacity: messages.capacity <= Self.capacityKept)
        }
    }

    /// Appends an Int16 count; the protocol's counts are read as unsigned by the server.
    package mutating func count(_ count: Int) throws(FrontendMessageError) {
        guard let count = UInt16(exactly: count) else { throw FrontendMessageError.tooManyParameters }
        bytes.append(bigEndian: count)
    }
}

/// Why a message cannot be sent at all. Nothing of it has reached the server.
package enum FrontendMessageError: Error, Hashable, Sendable {
    /// A string holds a NUL, which would end it early on the server.
    case containsNUL
    /// The name of a startup parameter is empty, which would end the list early on the server.
    case emptyName
    /// More than 65,535 parameters: the count is 16 bits wide.
    case tooManyParameters
    /// A run of a statement has more or fewer parameters than the others.
    case wrongParameterCount
    /// More answers would be outstanding than a session keeps count of.
    case tooManyAnswers
    /// The message would be longer than one GiB − 1.
    case messageTooLarge
}
