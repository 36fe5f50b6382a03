import PostgresTestSupport
import Testing

/// The cell in which everything waits that waits: for sockets, for a connection of a pool, for the end of a pause.
@Suite(.timeLimit(.minutes(1))) struct ReadinessModelTests {
    @Test func `no order of signals, deadlines and cancellations resumes a task twice or never`() {
        ModelChecker(ReadinessModel()).expectNoFailure(depth: 5, randomOrders: 1_000, length: 80)
    }
}
