import PostgresWire

/// What a backend says in the traces, in one word each.
enum Backend {
    static let ok = asks(.ok)
    static let cleartext = asks(.cleartextPassword)
    static let md5 = asks(.md5Password(salt: [1, 2, 3, 4]))
    static let sasl = asks(.sasl(mechanisms: ["SCRAM-SHA-256"]))
    static let oauth = asks(.sasl(mechanisms: ["OAUTHBEARER"]))
    static let challenge = asks(.saslContinue([1]))
    static let outcome = asks(.saslFinal([2]))

    static let cancelKey = BackendKeyData(processID: 7, secretKey: [1, 2, 3, 4])
    static let key = BackendMessage.backendKeyData(cancelKey)
    static let ready = BackendMessage.readyForQuery(ReadyForQuery(status: .idle))
    static let parsed = BackendMessage.parseComplete(ParseComplete())
    static let bound = BackendMessage.bindComplete(BindComplete())
    static let closed = BackendMessage.closeComplete(CloseComplete())
    static let noData = BackendMessage.noData(NoData())
    static let empty = BackendMessage.emptyQueryResponse(EmptyQueryResponse())
    static let copyIn = BackendMessage.copyInResponse(CopyInResponse(formats: formats))
    static let copyOut = BackendMessage.copyOutResponse(CopyOutResponse(formats: formats))
    static let copyData = BackendMessage.copyData(CopyData(bytes: [1]))
    static let copyBoth = BackendMessage.copyBothResponse(CopyBothResponse(formats: formats))
    static let suspended = BackendMessage.portalSuspended(PortalSuspended())
    static let copyDone = BackendMessage.copyDone(CopyDone())

    static let parameter = BackendMessage.parameterStatus(ParameterStatus(name: "TimeZone", value: "UTC"))
    static let notification = BackendMessage.notificationResponse(
        NotificationResponse(processID: 7, channel: "jobs", payload: ""))
    static let notice = BackendMessage.noticeResponse(NoticeResponse(fields: fields("NOTICE")))
    static let error = fails("ERROR")
    static let fatal = fails("FATAL")

    static let formats = CopyFormats(overall: .text, columns: [.text])

    static func asks(_ request: AuthenticationRequest) -> BackendMessage { .authentication(Authentication(request)) }

    static func completes(_ tag: String) -> BackendMessage {
        .commandComplete(CommandComplete(tag: CommandTag(tag)))
    }

    static func ready(_ status: TransactionStatus) -> BackendMessage { .readyForQuery(ReadyForQuery(status: status)) }

    static func parameterTypes(_ typeOIDs: UInt32...) -> BackendMessage {
        .parameterDescription(ParameterDescription(typeOIDs: typeOIDs))
    }

    static func columns(_ names: String...) -> BackendMessage {
        .rowDescription(
            RowDescription(
                columns: names.map {
                    ColumnDescription(
                        name: $0, tableOID: 0, columnNumber: 0, typeOID: 23, typeSize: 4, typeModifier: -1,
                        format: .binary)
                }))
    }

    static func fails(_ severity: String) -> BackendMessage {
        .errorResponse(ErrorResponse(fields: fields(severity)))
    }

    private static func fields(_ severity: String) -> NoticeFields {
        NoticeFields([NoticeFields.Field(code: UInt8(ascii: "V"), value: severity)])
    }
}
