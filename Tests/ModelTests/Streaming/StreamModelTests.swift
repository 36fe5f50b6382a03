import PostgresStreaming
import PostgresTestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct StreamModelTests {
    @Test func `no order of reads, pauses and ends makes a stream hang, end twice or read while it is paused`() {
        ModelChecker(StreamModel()).expectNoFailure(depth: 4, randomOrders: 1_000, length: 80)
    }

    @Test func `a pause that is over by itself lasted until then, whenever the stream goes on`() {
        let failure = ModelChecker(StreamModel()).replay([
            .pause(milliseconds: 2, .resume), .timePasses(milliseconds: 3), .resume,
        ])
        #expect(failure == nil, "\(failure.debugDescription)")
    }
}
