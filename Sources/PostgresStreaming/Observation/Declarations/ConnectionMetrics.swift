/// What is counted of connections: how they come about, what passes over them, how they end.
package struct ConnectionMetrics: Sendable {
    /// Attempts to make one connection to one server.
    package let attempted: MetricSeries<Counter, Transport>
    /// Sessions that are ready.
    let created: MetricSeries<Counter, Transport>
    let failed: MetricSeries<Counter, ConnectPhase, ErrorCategory>
    let connectTime: MetricSeries<Histogram, Transport>
    let closed: MetricSeries<Counter, CloseReason>
    let encrypted: MetricSeries<Counter, EncryptionVersion>
    let fallbacks: MetricSeries<Counter, Fallback>
    let received: Counter
    let sent: Counter
    /// Reads that brought something.
    package let reads: Counter
    let notices: MetricSeries<Counter, NoticeSeverity>
    let protocolErrors: MetricSeries<Counter, MessageName>
    let errors: MetricSeries<Counter, ErrorCategory, ErrorPhase>

    init(_ catalogue: inout MetricCatalogue) {
        attempted = catalogue.series("connection_attempts_total", "Attempts to make a connection to one server.")
        created = catalogue.series("connections_created_total", "Connections that came about.")
        failed = catalogue.series(
            "connections_failed_total", "Attempts that led to no connection, by what was under way.")
        connectTime = catalogue.series(
            "connect_duration_seconds", "Time from the look-up of the name to the first ReadyForQuery.", unit: .seconds)
        closed = catalogue.series("connections_closed_total", "Connections that ended, by why.")
        encrypted = catalogue.series("tls_connections_total", "Connections that came about, by version of TLS.")
        fallbacks = catalogue.series(
            "connection_fallbacks_total", "Attempts made once more with less asked for, by what was left out.")
        received = catalogue.counter("received_bytes_total", "Bytes received, after decryption.", unit: .bytes)
        sent = catalogue.counter("sent_bytes_total", "Bytes sent, before encryption.", unit: .bytes)
        reads = catalogue.counter("reads_total", "Reads that brought something.")
        notices = catalogue.series("notices_total", "Notices and warnings of servers, by severity.")
        protocolErrors = catalogue.series(
            "protocol_errors_total", "Messages that the protocol forbids or that do not hold together.")
        errors = catalogue.series("errors_total", "Errors that were thrown, by what was under way.")
        catalogue.derived(
            MetricDeclaration(
                name: "connections_open", help: "Connections that are open.", kind: .gauge, unit: .count, labels: [])
        ) { readings in
            let open = readings.total(of: "connections_created_total") - readings.total(of: "connections_closed_total")
            return [MetricSeriesReading(labels: [], reading: .number(open))]
        }
    }
}

/// What a connection goes over.
package enum Transport: Int, ClosedMetricLabel {
    case tcp, unix
    /// The label's name.
    package static let name = "transport"
}

/// What a connection that came to nothing was at.
package enum ConnectPhase: Int, ClosedMetricLabel {
    case nameLookup, opening, tls, authentication, startup
    /// The label's name.
    package static let name = "phase"
}

/// Why a connection ended.
package enum CloseReason: Int, ClosedMetricLabel {
    /// By this side: `close`, or the last reference to it went away.
    case closed
    /// The server ended the session with an error.
    case server
    /// Nobody said why, or a query could not be cancelled.
    case lost
    /// The server broke the protocol or a limit on sizes.
    case `protocol`
    /// The label's name.
    package static let name = "reason"
}

/// How a connection is encrypted.
package enum EncryptionVersion: Int, ClosedMetricLabel {
    case none, tls12, tls13, other
    /// The label's name.
    package static let name = "version"

    /// OpenSSL's name of the version.
    package var text: String {
        switch self {
        case .none: "none"
        case .tls12: "TLSv1.2"
        case .tls13: "TLSv1.3"
        case .other: "other"
        }
    }
}

/// What an attempt leaves out after a server would not have it.
package enum Fallback: Int, ClosedMetricLabel {
    case protocolVersion, checkInterval, encryption, cleartext
    /// The label's name.
    package static let name = "without"
}

/// How grave the server says its notice is.
package enum NoticeSeverity: Int, ClosedMetricLabel {
    case warning, notice, info, log, debug, other
    /// The label's name.
    package static let name = "severity"
}

/// The message that broke the protocol.
package struct MessageName: MetricLabel {
    /// The label's name.
    package static let name = "message_type"

    /// The message's type byte; zero where none can be told.
    package let number: Int

    /// The message's name in the manual.
    package static func text(_ number: Int, _ names: MetricNames) -> String {
        UInt8(exactly: number).flatMap { manualNames[Character(Unicode.Scalar($0))] } ?? "unknown"
    }

    private static let manualNames: [Character: String] = [
        "R": "Authentication", "K": "BackendKeyData", "2": "BindComplete", "3": "CloseComplete",
        "C": "CommandComplete", "d": "CopyData", "c": "CopyDone", "G": "CopyInResponse", "H": "CopyOutResponse",
        "W": "CopyBothResponse", "D": "DataRow", "I": "EmptyQueryResponse", "E": "ErrorResponse",
        "V": "FunctionCallResponse", "v": "NegotiateProtocolVersion", "n": "NoData", "N": "NoticeResponse",
        "A": "NotificationResponse", "t": "ParameterDescription", "S": "ParameterStatus", "1": "ParseComplete",
        "s": "PortalSuspended", "Z": "ReadyForQuery", "T": "RowDescription",
    ]
}
