/// A message from the backend to the frontend (manual: "Message Formats").
///
/// DataRow has no case: rows are framed in runs and never become messages.
package enum BackendMessage: Hashable, Sendable {
    case authentication(Authentication)
    case backendKeyData(BackendKeyData)
    case bindComplete(BindComplete)
    case closeComplete(CloseComplete)
    case commandComplete(CommandComplete)
    case copyBothResponse(CopyBothResponse)
    case copyData(CopyData)
    case copyDone(CopyDone)
    case copyInResponse(CopyInResponse)
    case copyOutResponse(CopyOutResponse)
    case emptyQueryResponse(EmptyQueryResponse)
    case errorResponse(ErrorResponse)
    case functionCallResponse(FunctionCallResponse)
    case negotiateProtocolVersion(NegotiateProtocolVersion)
    case noData(NoData)
    case noticeResponse(NoticeResponse)
    case notificationResponse(NotificationResponse)
    case parameterDescription(ParameterDescription)
    case parameterStatus(ParameterStatus)
    case parseComplete(ParseComplete)
    case portalSuspended(PortalSuspended)
    case readyForQuery(ReadyForQuery)
    case rowDescription(RowDescription)

    /// Decodes the body of the message with this type byte.
    package init(type: UInt8, body: RawSpan) throws(ProtocolViolation) {
        switch type {
        case UInt8(ascii: "R"): self = .authentication(try Authentication(validating: body))
        case UInt8(ascii: "K"): self = .backendKeyData(try BackendKeyData(validating: body))
        case UInt8(ascii: "2"): self = .bindComplete(try BindComplete(validating: body))
        case UInt8(ascii: "3"): self = .closeComplete(try CloseComplete(validating: body))
        case UInt8(ascii: "C"): self = .commandComplete(try CommandComplete(validating: body))
        case UInt8(ascii: "W"): self = .copyBothResponse(try CopyBothResponse(validating: body))
        case UInt8(ascii: "d"): self = .copyData(try CopyData(validating: body))
        case UInt8(ascii: "c"): self = .copyDone(try CopyDone(validating: body))
        case UInt8(ascii: "G"): self = .copyInResponse(try CopyInResponse(validating: body))
        case UInt8(ascii: "H"): self = .copyOutResponse(try CopyOutResponse(validating: body))
        case UInt8(ascii: "I"): self = .emptyQueryResponse(try EmptyQueryResponse(validating: body))
        case UInt8(ascii: "E"): self = .errorResponse(try ErrorResponse(validating: body))
        case UInt8(ascii: "V"): self = .functionCallResponse(try FunctionCallResponse(validating: body))
        case UInt8(ascii: "v"): self = .negotiateProtocolVersion(try NegotiateProtocolVersion(validating: body))
        case UInt8(ascii: "n"): self = .noData(try NoData(validating: body))
        case UInt8(ascii: "N"): self = .noticeResponse(try NoticeResponse(validating: body))
        case UInt8(ascii: "A"): self = .notificationResponse(try NotificationResponse(validating: body))
        case UInt8(ascii: "t"): self = .parameterDescription(try ParameterDescription(validating: body))
        case UInt8(ascii: "S"): self = .parameterStatus(try ParameterStatus(validating: body))
        case UInt8(ascii: "1"): self = .parseComplete(try ParseComplete(validating: body))
        case UInt8(ascii: "s"): self = .portalSuspended(try PortalSuspended(validating: body))
        case UInt8(ascii: "Z"): self = .readyForQuery(try ReadyForQuery(validating: body))
        case UInt8(ascii: "T"): self = .rowDescription(try RowDescription(validating: body))
        case UInt8(ascii: "D"): throw ProtocolViolation(.unexpectedMessage, "DataRow message where no row may come")
        default: throw ProtocolViolation.unknown(type)
        }
    }

    /// The message's name in the manual.
    package var name: StaticString {
        switch self {
        case .authentication: "Authentication"
        case .backendKeyData: "BackendKeyData"
        case .bindComplete: "BindComplete"
        case .closeComplete: "CloseComplete"
        case .commandComplete: "CommandComplete"
        case .copyBothResponse: "CopyBothResponse"
        case .copyData: "CopyData"
        case .copyDone: "CopyDone"
        case .copyInResponse: "CopyInResponse"
        case .copyOutResponse: "CopyOutResponse"
        case .emptyQueryResponse: "EmptyQueryResponse"
        case .errorResponse: "ErrorResponse"
        case .functionCallResponse: "FunctionCallResponse"
        case .negotiateProtocolVersion: "NegotiateProtocolVersion"
        case .noData: "NoData"
        case .noticeResponse: "NoticeResponse"
        case .notificationResponse: "NotificationResponse"
        case .parameterDescription: "ParameterDescription"
        case .parameterStatus: "ParameterStatus"
        case .parseComplete: "ParseComplete"
        case .portalSuspended: "PortalSuspended"
        case .readyForQuery: "ReadyForQuery"
        case .rowDescription: "RowDescription"
        }
    }
}
