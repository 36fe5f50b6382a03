import PostgresStreaming
import PostgresTestSupport
import Testing

/// What a listener delivers in which order, whatever happens in whatever order.
@Suite(.timeLimit(.minutes(2))) struct ListenerModelTests {
    @Test(arguments: [PostgresListenerOptions.Overflow.dropOldest, .fail, .suspend])
    func `every missing number lies at a gap, and no wait is forgotten`(overflow: PostgresListenerOptions.Overflow) {
        ModelChecker(ListenerModel(overflow)).expectNoFailure(depth: 7, randomOrders: 2_000, length: 60)
    }

    @Test(arguments: [PostgresListenerOptions.Overflow.dropOldest, .suspend])
    func `listeners that share a connection know of everything on their channels`(
        overflow: PostgresListenerOptions.Overflow
    ) {
        ModelChecker(ListenerGroupModel(overflow)).expectNoFailure(depth: 5, randomOrders: 4_000, length: 80)
    }
}
