import PostgresStreaming
import PostgresTransport

/// A pool's state machine on a clock that only the test moves, with decisions that read as text.
struct PoolMachine {
    private(set) var machine: PoolStateMachine
    private let start = MonotonicTime.now
    private(set) var elapsed = Duration.zero

    init(_ change: (inout PostgresPoolConfiguration) -> Void = { _ in }) {
        var configuration = PostgresPoolConfiguration()
        configuration.lifetimeJitter = 0
        change(&configuration)
        machine = PoolStateMachine(configuration)
    }

    private var now: MonotonicTime { start + elapsed }

    mutating func wait(_ time: Duration) { elapsed += time }

    private func texts(_ decisions: [PoolDecision]) -> [String] { decisions.map(\.text) }

    mutating func ask(
        _ waiter: Int, by task: Int? = nil, label: String? = nil, isForStream: Bool = false,
        onLoop loop: Int? = nil
    ) -> [String] {
        var waiter = PoolWaiter(
            id: waiter, asked: now, label: label, task: task.map { TaskIdentity(UInt64($0)) },
            isForStream: isForStream)
        waiter.loop = loop
        return texts(machine.ask(waiter, now: now))
    }

    mutating func askAgain(_ waiter: Int) -> [String] {
        texts(machine.askAgain(PoolWaiter(id: waiter, asked: now), now: now))
    }

    mutating func declined(_ id: Int) -> [String] { texts(machine.declined(id, now: now)) }

    /// A call's time is over: why it gets no connection; nil where it has one.
    mutating func withdraw(_ waiter: Int, underWay: [String] = []) -> PostgresError? {
        if case .refused(let error) = machine.withdraw(waiter, underWay: underWay, now: now) { error } else { nil }
    }

    mutating func cancelled(_ waiter: Int) -> [String] { texts(machine.cancelled(waiter, now: now)) }

    /// A call looks for its answer.
    mutating func take(_ waiter: Int) -> String? {
        switch machine.takeAnswer(to: waiter) {
        case .granted(let id, _): "has \(id)"
        case .refused(let error): "\(error.code)"
        case nil: nil
        }
    }

    mutating func lookAgain(at waiter: Int) -> [String] { texts(machine.lookAgain(at: waiter, now: now)) }

    mutating func handedOn(_ id: Int, to task: Int) { machine.handedOn(id, to: TaskIdentity(UInt64(task))) }

    mutating func connected(_ id: Int, onLoop loop: Int? = nil, jitter: Double = 0) -> [String] {
        texts(machine.connected(id, onLoop: loop, jitter: jitter, now: now))
    }

    mutating func connectFailed(
        _ id: Int, _ code: PostgresError.Code, jitter: Double = 0
    ) -> [String] {
        let error = PostgresError(code, "no", isConnectionUsable: false)
        return texts(machine.connectFailed(id, error, jitter: jitter, now: now))
    }

    mutating func released(_ id: Int, isSoon: Bool = true) -> [String] {
        texts(machine.released(id, isSoon: isSoon, now: now))
    }

    mutating func returned(_ id: Int) -> [String] { texts(machine.returned(id, now: now)) }

    /// A lease ends and its connection is cleaned up at once.
    mutating func giveBack(_ id: Int) -> [String] { released(id) + returned(id) }

    mutating func ended(_ id: Int) -> [String] { texts(machine.ended(id, now: now)) }
    mutating func retry() -> [String] { texts(machine.retry(now: now)) }
    mutating func tick() -> [String] { texts(machine.tick(now: now)) }
    mutating func resize(_ range: ClosedRange<Int>) -> [String] { texts(machine.resize(range, now: now)) }
    mutating func evict(_ ids: [Int]) -> [String] { texts(machine.evict(ids, .demoted, now: now)) }
    mutating func shutDown() -> [String] { texts(machine.shutDown(now: now)) }

    /// Lends connections 0 ..< count to the waiters with these numbers.
    mutating func lend(_ count: Int) {
        for number in 0..<count {
            _ = ask(number)
            _ = connected(number)
        }
    }

    /// The loop that a connection lives on or is to live on.
    func loop(of id: Int) -> Int? { machine.loop(of: id) }

    var statistics: PoolStatistics { machine.statistics }
}

extension PoolDecision {
    fileprivate var text: String {
        switch self {
        case .connect(let id): "connect \(id)"
        case .grant(let waiter, let id, let isToBeChecked):
            "\(waiter) gets \(id)" + (isToBeChecked ? " to check" : "")
        case .refuse(let waiter, let error): "\(waiter) \(error.code)"
        case .check(let id): "check \(id)"
        case .close(let id, let reason): "close \(id) \(reason)"
        case .retry: "retry"
        case .lookAgain(let waiter, _): "look again at \(waiter)"
        case .report(let id, let lease, let time): "report \(id) \(lease.label ?? "") \(time)"
        case .finish: "finish"
        }
    }
}
