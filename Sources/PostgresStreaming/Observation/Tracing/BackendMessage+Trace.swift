import PostgresWire

extension BackendMessage {
    /// The message in words: its name in the manual and its fields, but for what may be a value or a secret.
    var traceText: String {
        let fields = traceFields
        return fields.isEmpty ? "\(name)" : "\(name) \(fields)"
    }

    private var traceFields: String {
        switch self {
        case .authentication(let message): message.request.traceText
        case .backendKeyData(let key): "process \(key.processID), a key of \(key.secretKey.count) bytes"
        case .commandComplete(let complete): complete.tag.text.traced
        case .copyBothResponse(let copy): copy.formats.traceText
        case .copyInResponse(let copy): copy.formats.traceText
        case .copyOutResponse(let copy): copy.formats.traceText
        case .copyData(let data): "\(data.bytes.count) bytes"
        case .errorResponse(let error): error.fields.traceText
        case .noticeResponse(let notice): notice.fields.traceText
        case .negotiateProtocolVersion(let answer):
            "newest \(answer.newestVersion.major).\(answer.newestVersion.minor), unknown "
                + answer.unknownOptions.prefix(20).map(\.traced).joined(separator: ", ")
        case .notificationResponse(let notification):
            "process \(notification.processID), channel \(notification.channel.traced), "
                + "\(notification.payload.utf8.count) bytes"
        case .parameterDescription(let description):
            "types " + description.typeOIDs.prefix(100).map { "\($0)" }.joined(separator: " ")
        case .parameterStatus(let status): "\(status.name.traced), \(status.value.utf8.count) bytes"
        case .readyForQuery(let ready): ready.status.traceText
        case .rowDescription(let description):
            description.columns.prefix(100).map { "\($0.name.traced) \($0.typeOID)" }.joined(separator: ", ")
        case .bindComplete, .closeComplete, .copyDone, .emptyQueryResponse, .functionCallResponse, .noData,
            .parseComplete, .portalSuspended:
            ""
        }
    }
}

extension AuthenticationRequest {
    fileprivate var traceText: String {
        switch self {
        case .ok: "ok"
        case .kerberosV5: "KerberosV5"
        case .cleartextPassword: "CleartextPassword"
        case .md5Password: "MD5Password"
        case .gss: "GSS"
        case .gssContinue(let token): "GSSContinue \(token.count) bytes"
        case .sspi: "SSPI"
        case .sasl(let mechanisms): "SASL " + mechanisms.prefix(10).map(\.traced).joined(separator: ", ")
        case .saslContinue(let data): "SASLContinue \(data.count) bytes"
        case .saslFinal(let data): "SASLFinal \(data.count) bytes"
        case .unsupported(let code): "request \(code)"
        }
    }
}

extension NoticeFields {
    /// Severity, SQLSTATE and where it was said; the texts may quote values.
    fileprivate var traceText: String {
        var parts = [(severity ?? "no severity").traced, "SQLSTATE \((sqlState ?? "-").traced)"]
        if let routine { parts.append("routine \(routine.traced)") }
        if let position { parts.append("position \(position)") }
        if let message { parts.append("a message of \(message.utf8.count) bytes") }
        return parts.joined(separator: ", ")
    }
}

extension CopyFormats {
    fileprivate var traceText: String { "\(overall), \(columns.count) columns" }
}

extension TransactionStatus {
    fileprivate var traceText: String {
        switch self {
        case .idle: "idle"
        case .inTransaction: "in a transaction"
        case .failed: "in a failed transaction"
        }
    }
}
