import PostgresTestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct PipelineModelTests {
    @Test func `in every order of statements, failures, commits and losses what is reported is what the server did`() {
        ModelChecker(PipelineModel()).expectNoFailure(depth: 6, randomOrders: 2_000, length: 60)
    }
}
