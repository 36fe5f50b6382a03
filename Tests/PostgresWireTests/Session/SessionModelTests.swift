import PostgresTestSupport
import Testing

/// A session against a server that says everything it may say, and everything else, in every order up to a depth.
@Suite(.timeLimit(.minutes(1))) struct SessionModelTests {
    @Test func `no server makes a session that begins take itself for accepted, or wait for ever`() {
        ModelChecker(SessionModel(isIdle: false)).expectNoFailure(depth: 5, randomOrders: 200, length: 60)
    }

    @Test func `every verb ends once, and the next one may begin exactly then`() {
        ModelChecker(SessionModel(isIdle: true)).expectNoFailure(depth: 4, randomOrders: 400, length: 80)
    }
}
