import PostgresTestSupport
import PostgresWire

/// A session that can be copied, which the machine itself cannot: a copy goes the same way again before it goes on.
struct CopiedSession {
    /// What the client does.
    enum Verb {
        case start, query, abandon, terminate
        case flight(SessionModel.Flight)
        case answer(AuthenticationRequest)
    }

    private enum Step {
        case verb(Verb)
        case message(BackendMessage)
        case taken
    }

    private final class Holder {
        var machine = SessionStateMachine()
    }

    private var holder = Holder()
    private var steps: [Step] = []

    /// The machine, to look at.
    var machine: Standing { Standing(holder.machine) }

    /// What a machine says of itself.
    struct Standing {
        let isIdle: Bool
        let isAuthenticated: Bool
        let hasEnded: Bool
        let columnCount: Int?
        let transactionStatus: TransactionStatus

        fileprivate init(_ machine: borrowing SessionStateMachine) {
            isIdle = machine.isIdle
            isAuthenticated = machine.isAuthenticated
            hasEnded = machine.hasEnded
            columnCount = machine.columnCount
            transactionStatus = machine.transactionStatus
        }
    }

    mutating func perform(_ verb: Verb) {
        own()
        steps.append(.verb(verb))
        Self.perform(verb, in: &holder.machine)
    }

    mutating func receive(_ message: BackendMessage) -> SessionOutcome {
        own()
        steps.append(.message(message))
        return SessionOutcome(of: message, in: &holder.machine)
    }

    /// What is on its way to the server; afterwards it is sent.
    mutating func takeOutbound() -> [UInt8] {
        own()
        steps.append(.taken)
        return holder.machine.takeOutbound()
    }

    private mutating func own() {
        guard !isKnownUniquelyReferenced(&holder) else { return }
        holder = Holder()
        for step in steps {
            switch step {
            case .verb(let verb): Self.perform(verb, in: &holder.machine)
            case .message(let message): _ = SessionOutcome(of: message, in: &holder.machine)
            case .taken: _ = holder.machine.takeOutbound()
            }
        }
    }

    private static func perform(_ verb: Verb, in machine: inout SessionStateMachine) {
        // None of these messages can fail to be encoded.
        switch verb {
        case .start: try? machine.start(SessionStage.startup)
        case .query: try? machine.startSimpleQuery("SELECT 1")
        case .flight(let flight): try? machine.start(flight.parts)
        case .abandon: machine.abandon()
        case .terminate: machine.terminate()
        case .answer(.sasl):
            try? machine.sendSASLInitialResponse(SASLInitialResponse(mechanism: "SCRAM-SHA-256", data: nil))
        case .answer(.saslContinue): try? machine.sendSASLResponse(SASLResponse(data: []))
        case .answer(.saslFinal): machine.confirmServer()
        case .answer: try? machine.sendPassword(PasswordMessage(password: "secret"))
        }
    }
}
