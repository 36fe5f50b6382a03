/// Which lengths the backend messages of a type can have (manual: "Message Formats"), so that one that cannot be is
/// refused as soon as its header is there and not waited for.
struct MessageForm: Sendable {
    /// The message's name in the manual.
    let name: StaticString
    /// What the length field may say, which counts itself. Where the form sets no upper bound, `MessageLimits` does.
    let lengths: ClosedRange<Int>
    /// What the length grows by with each item of a list.
    let itemBytes: Int

    private init(_ name: StaticString, _ lengths: ClosedRange<Int>, itemBytes: Int = 1) {
        self.name = name
        self.lengths = lengths
        self.itemBytes = itemBytes
    }

    /// A message without fields.
    private static func empty(_ name: StaticString) -> MessageForm { MessageForm(name, 4...4) }

    /// A response to COPY: a format, a count, and a format for each column.
    private static func copyResponse(_ name: StaticString) -> MessageForm {
        MessageForm(name, 7...7 + 2 * Int(Int16.max), itemBytes: 2)
    }

    /// The form of the messages with this type byte; nil where the backend has none.
    static func of(_ type: UInt8) -> MessageForm? {
        switch type {
        case UInt8(ascii: "1"): empty("ParseComplete")
        case UInt8(ascii: "2"): empty("BindComplete")
        case UInt8(ascii: "3"): empty("CloseComplete")
        case UInt8(ascii: "A"): MessageForm("NotificationResponse", 10...Int(Int32.max))
        case UInt8(ascii: "C"): MessageForm("CommandComplete", 5...4 + tagBytesMax)
        case UInt8(ascii: "D"): MessageForm("DataRow", 6...Int(Int32.max))
        case UInt8(ascii: "E"): MessageForm("ErrorResponse", 5...Int(Int32.max))
        case UInt8(ascii: "G"): copyResponse("CopyInResponse")
        case UInt8(ascii: "H"): copyResponse("CopyOutResponse")
        case UInt8(ascii: "I"): empty("EmptyQueryResponse")
        case UInt8(ascii: "K"): MessageForm("BackendKeyData", 12...264)
        case UInt8(ascii: "N"): MessageForm("NoticeResponse", 5...Int(Int32.max))
        case UInt8(ascii: "R"): MessageForm("Authentication", 8...Int(Int32.max))
        case UInt8(ascii: "S"): MessageForm("ParameterStatus", 6...Int(Int32.max))
        case UInt8(ascii: "T"): MessageForm("RowDescription", 6...Int(Int32.max))
        case UInt8(ascii: "V"): MessageForm("FunctionCallResponse", 8...Int(Int32.max))
        case UInt8(ascii: "W"): copyResponse("CopyBothResponse")
        case UInt8(ascii: "Z"): MessageForm("ReadyForQuery", 5...5)
        case UInt8(ascii: "c"): empty("CopyDone")
        case UInt8(ascii: "d"): MessageForm("CopyData", 4...Int(Int32.max))
        case UInt8(ascii: "n"): empty("NoData")
        case UInt8(ascii: "s"): empty("PortalSuspended")
        case UInt8(ascii: "t"): MessageForm("ParameterDescription", 6...6 + 4 * Int(UInt16.max), itemBytes: 4)
        case UInt8(ascii: "v"): MessageForm("NegotiateProtocolVersion", 12...12 + optionBytesMax)
        default: nil
        }
    }

    /// The server's own tags have at most 63 bytes; those of other servers may say more.
    private static let tagBytesMax = 1 << 10
    /// The server names options that it was sent and does not know, and it is sent none.
    private static let optionBytesMax = 1 << 10

    /// Whether a message can have this length.
    func admits(_ length: Int) -> Bool {
        lengths.contains(length) && (length - lengths.lowerBound) % itemBytes == 0
    }

    /// The only length that an authentication request of this code can have; nil where its data may be of any length.
    static func length(ofAuthentication code: Int32) -> Int? {
        switch code {
        case 0, 2, 3, 7, 9: 8
        case 5: 12
        default: nil
        }
    }

    /// Says that a message has a length that it cannot have.
    func violation(length: Int, insteadOf only: Int? = nil) -> ProtocolViolation {
        let possible =
            if let only {
                "can only be \(only)"
            } else if lengths.count == 1 {
                "can only be \(lengths.lowerBound)"
            } else if length < lengths.lowerBound {
                "is \(lengths.lowerBound) at least"
            } else if length > lengths.upperBound {
                "is \(lengths.upperBound) at most"
            } else {
                "grows by \(itemBytes) from \(lengths.lowerBound)"
            }
        return ProtocolViolation(
            .malformedMessage, "\(name) message announces a length of \(length), which \(possible)")
    }
}
