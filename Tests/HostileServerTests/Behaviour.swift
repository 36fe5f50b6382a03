import PostgresStreaming
import PostgresTestSupport

typealias Step = ScriptedServer.Step
typealias Code = PostgresError.Code

/// One thing that a hostile server does, and all that may come of it.
struct Behaviour: Sendable, CustomStringConvertible {
    /// What it is called in lists and in failures.
    let name: String
    /// The state in which it is played.
    let state: ProtocolState
    /// What the first connection meets.
    let script: @Sendable () throws -> [Step]
    /// What every further connection meets: a cancel request, the pool's next attempt, a fallback.
    var further: [Step] = HonestBackend.script
    /// The calls that meet it.
    var verbs: [Verb]
    /// What may come of it.
    var expected: Expectation
    /// How long the call may take, once its limits are added.
    var timeMax = Duration.seconds(2)
    /// How much more memory the process may hold meanwhile, in bytes, besides one message of the largest length.
    var memoryMax = 64 << 20
    /// How the client is configured, besides what all have.
    var configure: @Sendable (inout PostgresConfiguration) throws -> Void = { _ in }
    /// How the server shakes hands.
    var options = ScriptedServer.Options()
    /// The time limit that ends the call, where one has to; the call may not end before it.
    var limit: Limit?

    /// The time limits that are short in a trial.
    enum Limit: Sendable {
        /// For connecting.
        case connecting
        /// For a query, and then for cleaning up after it.
        case query
        /// For cleaning up after a query that was left.
        case cleanUp
        /// For COMMIT.
        case commit
        /// For `prepare`.
        case control

        /// How long each of them is.
        static let short = Duration.milliseconds(120)
        /// How long the time for cleaning up is.
        static let cleanUpTime = Duration.milliseconds(120)

        /// What passes at least, and at most if nothing is late.
        var range: ClosedRange<Duration> {
            switch self {
            case .connecting: Self.short...Self.short
            case .cleanUp: .zero...Self.cleanUpTime
            case .query, .commit, .control: Self.short...Self.short + Self.cleanUpTime
            }
        }
    }

    var description: String { "\(state.rawValue): \(name)" }
}

/// Where in the protocol a behaviour is played.
enum ProtocolState: String, CaseIterable, Sendable {
    case accepted = "TCP accepted"
    case encryptionRequested = "after SSLRequest"
    case handshake = "TLS handshake"
    case records = "TLS records"
    case started = "after the startup message"
    case saslOffered = "SCRAM, first message sent"
    case saslProven = "SCRAM, proof sent"
    case saslVerified = "SCRAM, signature checked"
    case passwordSent = "password or MD5 sent"
    case tokenSent = "OAuth, token sent"
    case accepting = "after AuthenticationOk"
    case idle = "idle"
    case asked = "query sent"
    case parsed = "parsed"
    case bound = "bound"
    case described = "described"
    case rows = "in rows"
    case completed = "after CommandComplete"
    case failed = "in an error"
    case copying = "in COPY"
    case copyingOut = "in the data of COPY TO"
    case copyingIn = "in the data of COPY FROM"
    case copied = "after the data of COPY FROM"
    case repeating = "while a statement runs for many rows"
    case describing = "describing a statement"
    case cancelling = "during cancel"
    case beginning = "during BEGIN"
    case committing = "during COMMIT"
    case rollingBack = "during ROLLBACK"
    case resetting = "during a pool's reset"
    case sending = "while the client sends"
    case closing = "during close"
}

/// What may come of a behaviour.
enum Expectation: Sendable {
    /// Everything is as if the server had been honest, also afterwards.
    case honest
    /// These rows come, and the next call finds a connection that works.
    case rows([Int64])
    /// The honest rows come; the next call on the connection fails with one of these.
    case rowsThen([Code])
    /// The call fails with one of these, and so does every further one on the connection.
    case fails([Code])
    /// The call fails with one of these, and the connection works.
    case failsUsable([Code])
    /// What no case above says: all rows or one of these errors.
    case either([Code])

    static let violation = Expectation.fails([.protocolViolation])
    static let tooLarge = Expectation.fails([.messageTooLarge])
    static let lost = Expectation.fails([.connectionLost])
}
