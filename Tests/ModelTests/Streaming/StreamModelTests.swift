import PostgresStreaming
import PostgresTestSupport
import PostgresTransport
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

    /// What is left over a fetch ends with that, be it that rows came, that it failed, or that it was the end.
    @Test(arguments: [[StreamModel.Event.rowsArrive, .read, .deliver], [.fetchFails], [.serverEnds, .read]])
    func `a stream that is left while rows are fetched is over when the fetch returns`(rest: [StreamModel.Event]) {
        var model = StreamModel()
        for event in [.request, .leave, .leave] + rest {
            #expect(model.seenEnd == nil)
            #expect(model.events.contains(event) && model.apply(event) == nil, "\(event)")
        }
        #expect(model.seenEnd != nil)
        #expect(model.leavings == (rest.contains(.serverEnds) ? 0 : 1))
    }

    @Test func `neither a pause nor a lack of memory counts as waiting for the server`() {
        var model = StreamModel()
        let events: [StreamModel.Event] = [
            .request, .memoryIsTaken, .rowsArrive, .timePasses(milliseconds: 1), .read, .timePasses(milliseconds: 3),
            .pause(milliseconds: nil, .resume), .wake, .timePasses(milliseconds: 3), .memoryIsFreed, .resume, .wake,
            .timePasses(milliseconds: 1), .deliver,
        ]
        for event in events { #expect(model.events.contains(event) && model.apply(event) == nil, "\(event)") }
        #expect(model.machine.ledger.waiting == 2_000_000)
        #expect(model.machine.pausedTime == .milliseconds(3))
    }

    @Test func `what held the query before rows were asked for is not taken from the wait for them`() {
        var machine = StreamStateMachine()
        machine.begin(chunkSize: 1, queued: 0, at: 0)
        machine.throttled(isCrossing: true, at: 10)
        let permission = machine.permission(now: .now, at: 30)
        let effects = machine.takeEffects(peakBytes: 0)
        #expect(permission == .read && effects.waitedForMemory == 20)
        let request = machine.requested(at: 100)
        let delivery = machine.delivered(StreamChunk(rows: 1, bytes: 10, rowLimit: 1), at: 150)
        #expect(request == .fetch(consumed: nil))
        #expect(delivery?.waiting == 50 && machine.ledger.waiting == 50)
    }
}
