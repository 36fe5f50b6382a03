import PostgresTestSupport
import PostgresTransport
import Testing

@Suite(.timeLimit(.minutes(1))) struct ReadinessCellTests {
    private let loop: EventLoop
    private let cell: ReadinessCell

    init() throws {
        loop = try EventLoop()
        cell = ReadinessCell(loop: loop)
    }

    /// Runs `body` and ends the loop's thread afterwards.
    private func stopping(_ body: () async throws -> Void) async rethrows {
        defer { loop.stop() }
        try await body()
    }

    private func soon(_ milliseconds: Int) -> MonotonicTime { .now + .milliseconds(milliseconds) }

    @Test func `a signal before the wait is not lost`() async {
        await stopping {
            cell.signal(.readable)
            #expect(await cell.wait(for: .readable) == .ready)
            // It answers one wait, not two.
            #expect(await cell.wait(for: .readable, deadline: soon(1)) == .timedOut)
        }
    }

    @Test func `waits that are over leave no deadlines behind`() async {
        await stopping {
            for _ in 0..<1_000 {
                let cell = ReadinessCell(loop: loop)
                // One thread runs both, one after the other.
                let waiting = Task(executorPreference: loop) {
                    await cell.wait(for: .readable, deadline: .now + .seconds(3600))
                }
                let signalling = Task(executorPreference: loop) { cell.signal(.readable) }
                #expect(await waiting.value == .ready)
                await signalling.value
            }
            #expect(loop.deadlineCount <= 130)
        }
    }

    @Test func `a long wait that is cut by short ones leaves one deadline`() async {
        await stopping {
            let end = MonotonicTime.now + .seconds(3600)
            for _ in 0..<500 {
                #expect(await cell.wait(for: [], deadline: soon(0)) == .timedOut)
                let waiting = Task(executorPreference: loop) { [cell] in await cell.wait(for: .readable, deadline: end)
                }
                let signalling = Task(executorPreference: loop) { [cell] in cell.signal(.readable) }
                #expect(await waiting.value == .ready)
                await signalling.value
            }
            #expect(loop.deadlineCount <= 130)
        }
    }

    @Test func `a signal wakes who waits`() async {
        await stopping {
            let started = Gate()
            let waiting = Task { [cell] in
                started.open()
                return await cell.wait(for: .readable)
            }
            await started.wait()
            cell.signal(.readable)
            #expect(await waiting.value == .ready)
        }
    }

    @Test func `the edges of both directions are kept apart`() async {
        await stopping {
            cell.signal(.writable)
            #expect(await cell.wait(for: .readable, deadline: soon(1)) == .timedOut)
            #expect(await cell.wait(for: .writable, deadline: soon(1)) == .ready)
            cell.signal([.readable, .writable])
            #expect(await cell.wait(for: .writable, deadline: soon(1)) == .ready)
            #expect(await cell.wait(for: .readable, deadline: soon(1)) == .ready)
        }
    }

    @Test func `a wait for both directions ends with either and uses up both`() async {
        await stopping {
            cell.signal(.writable)
            #expect(await cell.wait(for: [.readable, .writable]) == .ready)
            #expect(await cell.wait(for: [.readable, .writable], deadline: soon(1)) == .timedOut)
        }
    }

    @Test func `a cancelled task does not wait, and its mark does not reach the next wait`() async {
        await stopping {
            let gate = Gate()
            let waiting = Task { [cell] in
                await gate.wait()
                return (await cell.wait(for: .readable), await cell.wait(for: .readable))
            }
            waiting.cancel()
            #expect(await waiting.value == (.cancelled, .cancelled))
            cell.signal(.readable)
            #expect(await cell.wait(for: .readable) == .ready)
        }
    }

    @Test func `cancelling ends a wait`() async {
        await stopping {
            let started = Gate()
            let waiting = Task { [cell] in
                started.open()
                return await cell.wait(for: .readable)
            }
            await started.wait()
            waiting.cancel()
            #expect(await waiting.value == .cancelled)
        }
    }

    @Test func `cancelling after the wait disturbs no later one`() async {
        await stopping {
            let (done, cancelled) = (Gate(), Gate())
            let waiting = Task { [cell] in
                cell.signal(.readable)
                let outcome = await cell.wait(for: .readable)
                done.open()
                await cancelled.wait()
                return outcome
            }
            await done.wait()
            waiting.cancel()
            cancelled.open()
            #expect(await waiting.value == .ready)
            #expect(await cell.wait(for: .readable, deadline: soon(1)) == .timedOut)
        }
    }

    @Test func `a deadline in the past ends a wait`() async {
        await stopping { #expect(await cell.wait(for: .readable, deadline: soon(-10)) == .timedOut) }
    }

    @Test func `an earlier deadline than that of a former wait is kept in time`() async {
        await stopping {
            cell.signal(.readable)
            let waiting = Task { [cell] in
                await cell.wait(for: .writable, deadline: .now + .seconds(50))
            }
            cell.signal(.writable)
            #expect(await waiting.value == .ready)
            let start = MonotonicTime.now
            _ = await cell.wait(for: .readable)
            #expect(await cell.wait(for: .readable, deadline: soon(20)) == .timedOut)
            #expect((.milliseconds(20)..<Duration.seconds(20)).contains(.now - start))
        }
    }

    @Test func `a later deadline than that of a former wait is not cut short`() async {
        await stopping {
            let waiting = Task { [cell] in await cell.wait(for: .writable, deadline: .now + .milliseconds(30)) }
            cell.signal(.writable)
            #expect(await waiting.value == .ready)
            let start = MonotonicTime.now
            #expect(await cell.wait(for: .readable, deadline: start + .milliseconds(80)) == .timedOut)
            #expect(.now - start >= .milliseconds(80))
        }
    }

    @Test func `a thousand races of waits, signals, cancellations and deadlines all end`() async {
        let seed = UInt64.random(in: .min ... .max)
        print("races of waits: seed \(seed)")
        await stopping {
            var generator = SeededGenerator(seed: seed)
            for _ in 0..<1000 {
                let cell = ReadinessCell(loop: loop)
                let microseconds = Int.random(in: 0..<200, using: &generator)
                let order = Int.random(in: 0..<4, using: &generator)
                let waiting = Task { await cell.wait(for: .readable, deadline: .now + .microseconds(microseconds)) }
                let other = Task { if order > 0 { cell.signal(.readable) } }
                if order % 2 == 0 { waiting.cancel() }
                let outcome = await waiting.value
                await other.value
                #expect(order > 0 || outcome != .ready, "seed \(seed)")
                #expect(order % 2 == 0 || outcome != .cancelled, "seed \(seed)")
            }
        }
    }
}
