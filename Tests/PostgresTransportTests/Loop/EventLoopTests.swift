import PostgresTestSupport
import PostgresTransport
import Testing

@Suite(.timeLimit(.minutes(1))) struct EventLoopTests {
    private actor Resident {
        nonisolated let loop: EventLoop
        nonisolated let executor: LoopSerialExecutor
        private var count = 0

        init(_ loop: EventLoop) {
            self.loop = loop
            executor = loop.serialExecutor
        }

        nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

        func add() async -> Bool {
            let before = loop.isCurrent
            await Task.yield()
            count += 1
            return before && loop.isCurrent
        }

        var total: Int {
            assumeIsolated { $0.count }
        }
    }

    private func withLoop(_ body: (EventLoop) async throws -> Void) async throws {
        let loop = try EventLoop()
        defer { loop.stop() }
        try await body(loop)
    }

    @concurrent
    private func elsewhere() async {}

    private func synchronousReturn(_ number: Int) async -> Int { number + 1 }

    @Test func `a task from another thread runs on the loop's thread`() async throws {
        try await withLoop { loop in
            #expect(!loop.isCurrent)
            #expect(await Task(executorPreference: loop) { loop.isCurrent }.value)
        }
    }

    @Test func `a task that prefers the loop is there after every await`() async throws {
        try await withLoop { loop in
            let gate = Gate()
            let cell = ReadinessCell(loop: loop)
            let places = Task(executorPreference: loop) { [self] in
                var places: [Bool] = []
                await Task.yield()
                places.append(loop.isCurrent)
                await elsewhere()
                places.append(loop.isCurrent)
                _ = await cell.wait(for: .readable, deadline: .now + .milliseconds(1))
                places.append(loop.isCurrent)
                _ = await Task.detached { 1 }.value
                places.append(loop.isCurrent)
                await gate.wait()
                places.append(loop.isCurrent)
                return places
            }
            gate.open()
            #expect(await places.value == [true, true, true, true, true])
        }
    }

    @Test func `an asynchronous call that does not wait keeps the thread`() async throws {
        try await withLoop { loop in
            let isBehind = Locked(false)
            let wasAlone = await Task(executorPreference: loop) { [self] in
                // Runs as soon as this task is enqueued anew, which no synchronous return may do.
                let next = Task(executorPreference: loop) { isBehind.withLock { $0 = true } }
                var sum = 0
                for _ in 0..<1000 { sum = await synchronousReturn(sum) }
                let wasAlone = isBehind.withLock { !$0 }
                await next.value
                return wasAlone && sum == 1000
            }.value
            #expect(wasAlone)
            #expect(isBehind.withLock { $0 })
        }
    }

    @Test func `tasks on the loop take turns`() async throws {
        try await withLoop { loop in
            let tasks = (0..<50).map { _ in
                Task(executorPreference: loop) {
                    for _ in 0..<50 { await Task.yield() }
                    return loop.isCurrent
                }
            }
            for task in tasks { #expect(await task.value) }
        }
    }

    @Test func `an actor on the loop's serial executor is isolated there`() async throws {
        try await withLoop { loop in
            let resident = Resident(loop)
            await withTaskGroup { group in
                for _ in 0..<200 { group.addTask { await resident.add() } }
                for await isThere in group { #expect(isThere) }
            }
            #expect(await resident.total == 200)
        }
    }

    @Test func `timers fire in the order of their deadlines, whatever the order they were set in`() async throws {
        let seed = UInt64.random(in: .min ... .max)
        print("order of timers: seed \(seed)")
        try await withLoop { loop in
            var generator = SeededGenerator(seed: seed)
            let fired = Locked<[Int]>([])
            // All of them have to be set before the first is due, also on a busy machine.
            let start = MonotonicTime.now + .milliseconds(300)
            let tasks = (0..<300).shuffled(using: &generator).map { number in
                Task(executorPreference: loop) {
                    let cell = ReadinessCell(loop: loop)
                    _ = await cell.wait(for: .readable, deadline: start + .microseconds(100 * number))
                    fired.withLock { $0.append(number) }
                }
            }
            for task in tasks { await task.value }
            #expect(fired.withLock { $0 } == Array(0..<300), "seed \(seed)")
        }
    }

    @Test func `blocking work returns its result, and runs on no thread of the loop`() async throws {
        try await withLoop { loop in
            let isThere = try await BlockingWork.run(on: loop) { loop.isCurrent }
            #expect(!isThere)
        }
    }

    @Test func `blocking work that takes too long is given up at its deadline`() async throws {
        try await withLoop { loop in
            let gate = Gate()
            await #expect(throws: TransportError.timedOut) {
                try await BlockingWork.run(on: loop, deadline: .now + .milliseconds(10)) {
                    gate.waitBlocking(secondsMax: 20)
                }
            }
            gate.open()
        }
    }

    @Test func `cancelling gives up blocking work at once`() async throws {
        try await withLoop { loop in
            let (started, gate) = (Gate(), Gate())
            let work = Task {
                await #expect(throws: TransportError.cancelled) {
                    try await BlockingWork.run(on: loop) {
                        started.open()
                        return gate.waitBlocking(secondsMax: 20)
                    }
                }
            }
            await started.wait()
            work.cancel()
            _ = await work.value
            #expect(!gate.isOpen)
            gate.open()
        }
    }
}
