import PostgresTestSupport
import PostgresWire

/// A session that can be copied, which the machine itself cannot: a copy goes the same way again before it goes on.
struct CopiedSession {
    /// What the client does.
    enum Verb {
        case start, query, copyQuery, sync, abandon, terminate
        case sendCopyData, sendCopyDone, sendCopyFail
        case flight(SessionModel.Flight, andSync: Bool)
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
        let maySayMore: Bool
        let takesCopyData: Bool
        let takesCopyFail: Bool
        let awaitsCopyData: Bool
        let columnCount: Int?
        let syncsSaid: Int
        let syncsAnswered: Int
        let transactionStatus: TransactionStatus

        fileprivate init(_ machine: borrowing SessionStateMachine) {
            isIdle = machine.isIdle
            isAuthenticated = machine.isAuthenticated
            hasEnded = machine.hasEnded
            maySayMore = machine.maySayMore
            takesCopyData = machine.takesCopyData
            takesCopyFail = machine.takesCopyFail
            awaitsCopyData = machine.awaitsCopyData
            columnCount = machine.columnCount
            syncsSaid = machine.syncsSaid
            syncsAnswered = machine.syncsAnswered
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
        case .copyQuery: try? machine.startSimpleQuery("COPY t", isCopyWelcome: true)
        case .flight(let flight, let andSync): try? machine.start(flight.parts, andSync: andSync)
        case .sync: try? machine.sync()
        case .sendCopyData: try? machine.sendCopyData { $0.raw([1]) }
        case .sendCopyDone: machine.sendCopyDone()
        case .sendCopyFail: try? machine.sendCopyFail(reason: "no")
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
