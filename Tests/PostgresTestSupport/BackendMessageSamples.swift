import PostgresWire

/// Well-formed backend messages, at least one of each kind, and what they decode to.
package enum BackendMessageSamples {
    /// One message on the wire and its meaning.
    package struct Sample: Sendable, CustomStringConvertible {
        /// What is special about it.
        package let name: String
        /// The bytes on the wire, with type and length.
        package let bytes: [UInt8]
        /// What they decode to.
        package let expected: BackendMessage
        /// Where in the body a field starts that may be of any length; `nil` if every length is fixed by the fields.
        package let freeFormOffset: Int?

        package var type: UInt8 { bytes[0] }
        package var body: [UInt8] { Array(bytes[5...]) }
        package var description: String { name }

        fileprivate init(
            _ name: String, _ type: Character, _ body: [UInt8], _ expected: BackendMessage, freeFormOffset: Int? = nil
        ) {
            self.name = name
            self.bytes = BackendBytes().message(type, body).bytes
            self.expected = expected
            self.freeFormOffset = freeFormOffset
        }
    }

    /// Every sample.
    package static let all: [Sample] = authentication + session + extendedQuery + results + copy

    private static let authentication: [Sample] = [
        authentication("ok", int32(0), .ok),
        authentication("Kerberos V5", int32(2), .kerberosV5),
        authentication("cleartext password", int32(3), .cleartextPassword),
        authentication("MD5 password", int32(5) + [1, 2, 3, 4], .md5Password(salt: [1, 2, 3, 4])),
        authentication("GSS", int32(7), .gss),
        authentication("GSS token", int32(8) + [9, 0, 9], .gssContinue([9, 0, 9]), freeFormOffset: 4),
        authentication("SSPI", int32(9), .sspi),
        authentication(
            "SASL", int32(10) + string("SCRAM-SHA-256-PLUS") + string("SCRAM-SHA-256") + [0],
            .sasl(mechanisms: ["SCRAM-SHA-256-PLUS", "SCRAM-SHA-256"])),
        authentication("SASL challenge", int32(11) + text("r=ab"), .saslContinue(text("r=ab")), freeFormOffset: 4),
        authentication("SASL outcome", int32(12) + text("v=cd"), .saslFinal(text("v=cd")), freeFormOffset: 4),
        authentication("unlisted request", int32(6) + [7, 7], .unsupported(6), freeFormOffset: 4),
    ]

    private static let session: [Sample] = [
        Sample(
            "key of protocol 3.0", "K", int32(4711) + [0xDE, 0xAD, 0xBE, 0xEF],
            .backendKeyData(BackendKeyData(processID: 4711, secretKey: [0xDE, 0xAD, 0xBE, 0xEF])), freeFormOffset: 8),
        Sample(
            "key of protocol 3.2", "K", int32(-1) + [UInt8](repeating: 0xAB, count: 32),
            .backendKeyData(BackendKeyData(processID: -1, secretKey: [UInt8](repeating: 0xAB, count: 32))),
            freeFormOffset: 8),
        Sample(
            "negotiation", "v", int32(196_608) + int32(2) + string("_pq_.a") + string("_pq_.b"),
            .negotiateProtocolVersion(
                NegotiateProtocolVersion(newestVersion: .v3_0, unknownOptions: ["_pq_.a", "_pq_.b"]))),
        Sample(
            "parameter", "S", string("TimeZone") + string("Europe/Zürich"),
            .parameterStatus(ParameterStatus(name: "TimeZone", value: "Europe/Zürich"))),
        Sample("ready, idle", "Z", text("I"), .readyForQuery(ReadyForQuery(status: .idle))),
        Sample("ready, in transaction", "Z", text("T"), .readyForQuery(ReadyForQuery(status: .inTransaction))),
        Sample("ready, failed", "Z", text("E"), .readyForQuery(ReadyForQuery(status: .failed))),
        Sample(
            "notification", "A", int32(99) + string("jobs") + string("{}"),
            .notificationResponse(NotificationResponse(processID: 99, channel: "jobs", payload: "{}"))),
        Sample(
            "error", "E",
            text("S") + string("FEHLER") + text("V") + string("ERROR") + text("C") + string("42P01") + [0],
            .errorResponse(ErrorResponse(fields: fields(("S", "FEHLER"), ("V", "ERROR"), ("C", "42P01"))))),
        Sample("error without fields", "E", [0], .errorResponse(ErrorResponse(fields: NoticeFields([])))),
        Sample(
            "notice", "N", text("M") + string("careful") + text("~") + string("?") + [0],
            .noticeResponse(NoticeResponse(fields: fields(("M", "careful"), ("~", "?"))))),
    ]

    private static let extendedQuery: [Sample] = [
        Sample("parse complete", "1", [], .parseComplete(ParseComplete())),
        Sample("bind complete", "2", [], .bindComplete(BindComplete())),
        Sample("close complete", "3", [], .closeComplete(CloseComplete())),
        Sample("no data", "n", [], .noData(NoData())),
        Sample("portal suspended", "s", [], .portalSuspended(PortalSuspended())),
        Sample(
            "parameter types", "t", int16(2) + int32(23) + int32(-1),
            .parameterDescription(ParameterDescription(typeOIDs: [23, 4_294_967_295]))),
        Sample("no parameters", "t", int16(0), .parameterDescription(ParameterDescription(typeOIDs: []))),
    ]

    private static let results: [Sample] = [
        Sample(
            "columns", "T", int16(2) + column("id", format: 1) + column("", format: 0),
            .rowDescription(
                RowDescription(columns: [
                    ColumnDescription(
                        name: "id", tableOID: 16_384, columnNumber: 3, typeOID: 1_700, typeSize: -1,
                        typeModifier: 655_366, format: .binary),
                    ColumnDescription(
                        name: "", tableOID: 16_384, columnNumber: 3, typeOID: 1_700, typeSize: -1,
                        typeModifier: 655_366, format: .text),
                ]))),
        Sample("no columns", "T", int16(0), .rowDescription(RowDescription(columns: []))),
        Sample(
            "command complete", "C", string("SELECT 5"),
            .commandComplete(CommandComplete(tag: CommandTag("SELECT 5")))),
        Sample("empty query", "I", [], .emptyQueryResponse(EmptyQueryResponse())),
        Sample("function value", "V", int32(2) + [5, 6], .functionCallResponse(FunctionCallResponse(value: [5, 6]))),
        Sample("function NULL", "V", int32(-1), .functionCallResponse(FunctionCallResponse(value: nil))),
    ]

    private static let copy: [Sample] = [
        Sample(
            "copy in", "G", [0] + int16(2) + int16(0) + int16(0),
            .copyInResponse(CopyInResponse(formats: CopyFormats(overall: .text, columns: [.text, .text])))),
        Sample(
            "copy out", "H", [1] + int16(2) + int16(1) + int16(0),
            .copyOutResponse(CopyOutResponse(formats: CopyFormats(overall: .binary, columns: [.binary, .text])))),
        Sample(
            "copy both", "W", [0] + int16(0),
            .copyBothResponse(CopyBothResponse(formats: CopyFormats(overall: .text, columns: [])))),
        Sample("copy data", "d", text("1\tone\n"), .copyData(CopyData(bytes: text("1\tone\n"))), freeFormOffset: 0),
        Sample("copy done", "c", [], .copyDone(CopyDone())),
    ]

    private static func authentication(
        _ name: String, _ body: [UInt8], _ request: AuthenticationRequest, freeFormOffset: Int? = nil
    ) -> Sample {
        Sample(
            "authentication: \(name)", "R", body, .authentication(Authentication(request)),
            freeFormOffset: freeFormOffset)
    }

    private static func column(_ name: String, format: Int16) -> [UInt8] {
        string(name) + int32(16_384) + int16(3) + int32(1_700) + int16(-1) + int32(655_366) + int16(format)
    }

    private static func fields(_ fields: (Unicode.Scalar, String)...) -> NoticeFields {
        NoticeFields(fields.map { NoticeFields.Field(code: UInt8(ascii: $0.0), value: $0.1) })
    }

    private static func text(_ text: String) -> [UInt8] { Array(text.utf8) }
    private static func string(_ text: String) -> [UInt8] { BackendBytes.string(text) }
    private static func int16(_ value: Int16) -> [UInt8] { BackendBytes.int16(value) }
    private static func int32(_ value: Int32) -> [UInt8] { BackendBytes.int32(value) }
}
