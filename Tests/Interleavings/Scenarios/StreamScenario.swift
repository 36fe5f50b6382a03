import PostgresStreaming

/// A connection whose streams are paused and resumed by other tasks, left, dropped and cancelled, one after the other.
/// Each has to end as it says, and the next one has to find the connection ready.
struct StreamScenario {
    private let ledger: Ledger
    private let world = World.shared

    init(_ ledger: Ledger) { self.ledger = ledger }

    @concurrent
    func run() async {
        let consumer = Task.detached { await consume() }
        if world.chance(1, of: 3) {
            await Scenario.pass(milliseconds: world.random(0...15))
            World.shared.note("cancels")
            consumer.cancel()
        }
        await consumer.value
    }

    private func consume() async {
        guard let configuration = Scenario.configuration else { return ledger.fail("no configuration") }
        let call = ledger.begin("connection")
        do {
            let connection = try await PostgresConnection.connect(configuration)
            for _ in 0..<world.random(1...4) { try await stream(connection) }
            if world.chance(1, of: 2) { await connection.close() }
        } catch {
            if !Scenario.isExpected(error) { ledger.fail("a stream failed: \(error)") }
        }
        ledger.end(call, "")
    }

    private nonisolated(nonsending) func stream(_ connection: PostgresConnection) async throws(PostgresError) {
        let count = world.random(0...60)
        let chunkSize = world.random(1...10)
        let call = ledger.begin("stream of \(count)")
        defer { ledger.end(call, "") }
        let stream = try await connection.query(
            Scenario.rows(count, stalls: world.chance(1, of: 3)), options: StreamOptions { $0.chunkSize = chunkSize })
        let control = stream.control
        let steering = Task.detached { await steer(control) }
        let limit = world.chance(1, of: 2) ? world.random(0...count) : .max
        var failure: PostgresError?
        do throws(PostgresError) {
            try await Scenario.read(stream, of: count, upTo: limit, ledger)
        } catch {
            failure = error
        }
        await steering.value
        let state = control.state
        switch failure?.code {
        case nil where limit == .max:
            if state != .completed { ledger.fail("a stream that was read to its end is \(state)") }
        case nil where limit < count:
            if state != .cancelled { ledger.fail("a stream that was left is \(state)") }
        case nil: break
        case .cancelled?: if state != .cancelled { ledger.fail("a stream whose task was cancelled is \(state)") }
        default: if state != .failed { ledger.fail("a stream that failed is \(state)") }
        }
        guard let failure else { return }
        guard failure.code == .pauseTimedOut, failure.isConnectionUsable else { throw failure }
    }

    /// Pauses and resumes a few times, and leaves no pause without end.
    private func steer(_ control: StreamControl) async {
        for _ in 0..<world.random(0...3) {
            let time: Duration? = world.chance(1, of: 2) ? .milliseconds(world.random(0...4)) : nil
            let outcome: PauseOutcome = world.chance(1, of: 4) ? .fail : .resume
            World.shared.note("pauses for \(String(describing: time))")
            control.pause(for: time, then: outcome)
            if world.chance(2, of: 3) { await Scenario.pass(milliseconds: world.random(0...4)) }
            World.shared.note("resumes")
            control.resume()
        }
    }
}
