import PostgresTestSupport
import Testing

/// Every order of what may happen to a pool, up to a depth, and random orders beyond.
@Suite(.timeLimit(.minutes(2))) struct PoolModelTests {
    @Test(arguments: 1...3)
    func `no order of events loses a slot or a call`(connectionsMax: Int) {
        ModelChecker(PoolModel(connectionsMax: connectionsMax)).expectNoFailure(
            depth: connectionsMax == 3 ? 3 : 4, randomOrders: 700, length: 60)
    }
}
