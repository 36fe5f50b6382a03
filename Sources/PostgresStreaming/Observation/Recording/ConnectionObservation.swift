import PostgresTransport
import PostgresWire
import Synchronization

/// Who listens to one connection: everything that is recorded of it goes through here.
///
/// There is none where nobody listens, so that all it costs then is to look for it.
final class ConnectionObservation: Sendable {
    /// The connection's number.
    let id = ConnectionObservation.numbers.wrappingAdd(1, ordering: .relaxed).newValue
    let metrics: PostgresMetrics?
    let interests: ObserverInterests
    /// A wait that lasts longer is a stall, in nanoseconds.
    let stallNanoseconds: Int64
    private let observer: (any PostgresObserver)?
    private let begun = MonotonicTime.now.nanoseconds

    private static let numbers = Atomic<Int>(0)

    /// Nil without metrics and without an observer.
    init?(_ metrics: PostgresMetrics?, _ observer: (any PostgresObserver)?, stallThreshold: Duration) {
        guard metrics != nil || observer != nil else { return nil }
        self.metrics = metrics
        self.observer = observer
        interests = observer?.interests ?? ObserverInterests()
        stallNanoseconds = max(stallThreshold, .zero).nanoseconds
    }

    /// Tells the observer, if there is one, of an event that `describe` completes.
    func tell(_ kind: PostgresEvent.Kind, _ describe: (inout PostgresEvent) -> Void) {
        guard let observer else { return }
        var event = PostgresEvent(kind, connection: id)
        describe(&event)
        observer.observe(event)
    }

    // MARK: coming about

    /// An attempt to reach one server begins.
    func attemptBegan(_ transport: Transport) {
        metrics?.connections.attempted[transport].add()
    }

    /// The attempt led to nothing.
    func attemptFailed(_ error: PostgresError, _ phase: ConnectPhase, since start: Int64) {
        metrics?.connections.failed[phase, ErrorCategory(error)].add()
        tell(.connectionFailed) { event in
            event.duration = .nanoseconds(MonotonicTime.now.nanoseconds - start)
            event.note(error, interests)
            event.attributes["phase"] = phase.text
        }
    }

    /// The next attempt asks for less.
    func fallsBack(without part: Fallback) {
        metrics?.connections.fallbacks[part].add()
        tell(.connectionFallback) { $0.attributes["without"] = part.text }
    }

    /// The session is ready.
    func opened(
        _ transport: Transport, to address: SocketAddress, _ tls: TLSInformation?, _ protocolVersion: ProtocolVersion,
        since start: Int64
    ) {
        let time = MonotonicTime.now.nanoseconds - start
        let version = EncryptionVersion(tls)
        if let connections = metrics?.connections {
            connections.created[transport].add()
            connections.connectTime[transport].record(time)
            connections.encrypted[version].add()
        }
        tell(.connectionOpened) { event in
            event.duration = .nanoseconds(time)
            event.attributes = [
                "transport": transport.text, "address": address.description, "tls": version.text,
                "protocol": protocolVersion == .v3_0 ? "3.0" : "3.2",
            ]
        }
    }

    /// No connection came about, or none was left for a call: what the caller is told.
    func thrown(_ error: PostgresError, _ phase: ErrorPhase) {
        metrics?.connections.errors[ErrorCategory(error), phase].add()
        if error.code == .connectTimedOut { passed(.connect) }
    }

    /// The connection, which was open, ended.
    func closed(_ error: PostgresError, receivedBytes: Int) {
        let reason = CloseReason(error)
        metrics?.connections.closed[reason].add()
        tell(.connectionClosed) { event in
            event.duration = .nanoseconds(MonotonicTime.now.nanoseconds - begun)
            event.bytes = receivedBytes
            if reason != .closed { event.note(error, interests) }
            event.attributes["reason"] = reason.text
        }
    }

    // MARK: messages

    /// The server has something to say beside the way.
    func noticed(_ fields: NoticeFields, isFromVerifiedServer: Bool) {
        let notice = PostgresNotice(fields, isFromVerifiedServer: isFromVerifiedServer)
        let severity = NoticeSeverity(notice.severity)
        metrics?.connections.notices[severity].add()
        tell(.notice) { event in
            event.attributes["severity"] = severity.text
            event.sqlState = notice.sqlState
            if interests.includesText { event.text = notice.message }
        }
    }

    /// A notification arrived on a connection whose notifications were never asked for.
    func notificationIsNotAskedFor() {
        tell(.warning) {
            $0.attributes["reason"] = "a notification arrived, and takeNotifications() was never called"
        }
    }

    /// A message of this type broke the protocol.
    func violated(messageType: UInt8) {
        metrics?.connections.protocolErrors[MessageName(number: Int(messageType))].add()
    }

    // MARK: leaving

    /// A time limit passed.
    func passed(_ deadline: Deadline) {
        metrics?.queries.deadlines[deadline].add()
    }

    /// A cancel request was delivered, and its connection has ended, or it was not.
    func cancelRequested(_ outcome: CancelOutcome, since start: Int64) {
        metrics?.streams.cancels[outcome].add()
        if outcome == .delivered { metrics?.streams.cancelBarrier.record(MonotonicTime.now.nanoseconds - start) }
    }

    /// A query that was left before its end has come to one.
    func left(_ way: ExitWay, since start: Int64) {
        metrics?.streams.exits[way].add()
        tell(.queryLeft) { event in
            event.duration = .nanoseconds(MonotonicTime.now.nanoseconds - start)
            event.attributes["way"] = way.text
        }
    }
}

extension PostgresEvent {
    /// Takes over what can be said of an error.
    mutating func note(_ error: PostgresError, _ interests: ObserverInterests) {
        self.error = error.code
        sqlState = error.sqlState
        if interests.includesText { text = error.message }
    }
}

extension EncryptionVersion {
    init(_ tls: TLSInformation?) {
        switch tls?.version {
        case nil: self = .none
        case "TLSv1.2": self = .tls12
        case "TLSv1.3": self = .tls13
        default: self = .other
        }
    }
}

extension CloseReason {
    init(_ error: PostgresError) {
        switch error.code {
        case .connectionClosed: self = .closed
        case .sessionEndedByServer: self = .server
        case .protocolViolation, .messageTooLarge: self = .protocol
        default: self = .lost
        }
    }
}

extension NoticeSeverity {
    init(_ severity: String?) {
        switch severity {
        case "WARNING": self = .warning
        case "NOTICE": self = .notice
        case "INFO": self = .info
        case "LOG": self = .log
        case "DEBUG": self = .debug
        default: self = .other
        }
    }
}
