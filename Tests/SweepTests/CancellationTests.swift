import PostgresStreaming
import PostgresTestSupport
import Testing

/// Every verb, cancelled at each of its suspensions.
@Suite(.timeLimit(.minutes(2))) struct CancellationTests {
    private static let suspensionsMax = 2000

    @Test(arguments: Verb.all)
    func `a verb that is cancelled at any suspension ends, and leaves what it says`(verb: Verb) async throws {
        let server = try await SweepServer.shared
        let counts = try await withThrowingTaskGroup(of: (Int, Int).self) { group async throws in
            for moment in CountingExecutor.Moment.allCases {
                group.addTask { try await cancelEverywhere(verb, moment, on: server) }
            }
            var counts = (suspensions: 0, cancelled: 0)
            for try await (suspensions, cancelled) in group {
                counts.suspensions += suspensions
                counts.cancelled += cancelled
            }
            return counts
        }
        print("↳ \(verb.name): cancelled \(counts.suspensions) times, and \(counts.cancelled) times it ended so")
        #expect(counts.cancelled > 0)
    }

    /// Cancels at the first suspension, the second, and so on until the verb has no more.
    ///
    /// - Returns: how often it was cancelled, and how often it threw therefore.
    private func cancelEverywhere(
        _ verb: Verb, _ moment: CountingExecutor.Moment, on server: SweepServer
    ) async throws -> (Int, Int) {
        let executor = CountingExecutor()
        var cancelled = 0
        return try await FaultProxy.run(to: server.port) { proxy in
            for suspension in 0..<Self.suspensionsMax {
                let run = CancelledRun(
                    verb: verb, moment: moment, suspension: suspension, number: server.nextNumber(),
                    executor: executor, proxy: proxy, server: server)
                let (wasCancelled, ending, complaints) = try await run.run()
                for complaint in complaints { Issue.record("\(run): \(complaint)") }
                guard wasCancelled, complaints.isEmpty else { return (suspension, cancelled) }
                if ending?.error != nil { cancelled += 1 }
            }
            Issue.record("\(verb.name) has no end of suspensions")
            return (Self.suspensionsMax, cancelled)
        }
    }
}

/// One run of a verb whose task is cancelled at one suspension.
private struct CancelledRun: CustomStringConvertible {
    let verb: Verb
    let moment: CountingExecutor.Moment
    let suspension: Int
    let number: Int64
    let executor: CountingExecutor
    let proxy: FaultProxy
    let server: SweepServer

    var description: String { "\(verb.name), cancelled at suspension \(suspension) (\(moment))" }

    private static let secondsMax: Int32 = 10

    /// Whether the verb came so far that it was cancelled, how it ended, and what is wrong.
    func run() async throws -> (Bool, Session.Ending?, [String]) {
        var configuration = server.configuration(.plain, through: proxy, number: number)
        // A server that is busy with other tests is not to be taken for one that is silent.
        configuration.queryTimeout = .seconds(20)
        configuration.cleanUpTimeout = .seconds(5)
        configuration.cancelTimeout = .seconds(5)
        configuration.connectTimeout = .seconds(20)
        let session = Session(verb, configuration, number: number)
        try await session.prepare()
        let (start, ended, gone) = (Gate(), Gate(), Gate())
        let task = Task(executorPreference: executor) {
            await start.wait()
            defer { ended.open() }
            return await Sentinel.$current.withValue(Sentinel(gone)) {
                await session.run { executor.begin(suspension: suspension, moment) }
            }
        }
        executor.prepare { task.cancel() }
        start.open()
        guard await ended.wait(secondsMax: Self.secondsMax) else { return (true, nil, ["it does not end"]) }
        let ending = await task.value
        let wasCancelled = executor.end()
        var complaints = await complaints(ending, session, wasCancelled)
        complaints += await session.close()
        if await !proxy.waitUntilUnused(secondsMax: Self.secondsMax) { complaints.append("a socket is left") }
        if await !gone.wait(secondsMax: Self.secondsMax) { complaints.append("a task is left") }
        if verb.effect != .none { complaints += try await lies(ending) }
        return (wasCancelled, ending, complaints)
    }

    private func complaints(_ ending: Session.Ending, _ session: Session, _ wasCancelled: Bool) async -> [String] {
        var found: [String] = []
        switch ending {
        case .done: break
        case .failed(let error): if error.code != .cancelled || !wasCancelled { found.append("\(error)") }
        case .wrong(let text): found.append(text)
        }
        return found + (await session.contradictions(to: ending))
    }

    /// Where the client was told something else than what happened.
    private func lies(_ ending: Session.Ending) async throws -> [String] {
        switch (ending, try await server.effects(of: number)) {
        case (_, nil): ["the server's session does not end"]
        case (.done, 1): []
        case (.done, let count?): ["done, and its effect is there \(count) times"]
        case (.failed, let count?) where count > (verb.effect == .statement ? 1 : 0):
            ["cancelled, and its effect is there \(count) times"]
        default: []
        }
    }
}
