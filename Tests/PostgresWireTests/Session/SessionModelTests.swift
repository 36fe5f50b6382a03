import PostgresTestSupport
import Testing

/// A session against a server that says everything it may say, and everything else, in every order up to a depth.
/// One after the other, because each takes seconds of a core.
@Suite(.serialized, .timeLimit(.minutes(1))) struct SessionModelTests {
    @Test func `no server makes a session that begins take itself for accepted, or wait for ever`() {
        ModelChecker(SessionModel(isIdle: false)).expectNoFailure(depth: 5, randomOrders: 200, length: 60)
    }

    @Test func `every verb ends once, and the next one may begin exactly then`() {
        ModelChecker(SessionModel(isIdle: true)).expectNoFailure(depth: 4, randomOrders: 400, length: 80)
    }

    @Test(arguments: [SessionModel.Client.pipelines, .portals, .copies])
    func `every Sync is answered once and in its order, whatever a pipeline carries`(client: SessionModel.Client) {
        ModelChecker(SessionModel(isIdle: true, client: client, isDisturbed: false))
            .expectNoFailure(depth: 4, randomOrders: 200, length: 60)
    }

    @Test(arguments: [SessionModel.Client.pipelines, .portals, .copies])
    func `what may not come ends a pipeline too, and what may come at any time does not disturb it`(
        client: SessionModel.Client
    ) {
        ModelChecker(SessionModel(isIdle: true, client: client)).expectNoFailure(
            depth: 2, randomOrders: 200, length: 60)
    }
}
