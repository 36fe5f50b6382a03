import PostgresStreaming
import PostgresTestSupport

/// One behaviour met by one call.
struct Trial: Sendable {
    let behaviour: Behaviour
    let verb: Verb

    var name: String { "\(behaviour) [\(verb.rawValue)]" }

    /// What was otherwise than it has to be, and by how much a time limit was overshot, where one had to end the call.
    struct Verdict: Sendable {
        var problems: [String] = []
        var overshoot: Duration?
    }

    /// Plays the behaviour and judges what the call made of it.
    func judge() async -> Verdict {
        let watch = Watchdog.shared.begin(name)
        defer { Watchdog.shared.end(watch) }
        let metrics = PostgresMetrics()
        var verdict = Verdict()
        do {
            let script = try behaviour.script()
            try await ScriptedServer.run(
                first: script, thenOnEvery: behaviour.further, options: behaviour.options
            ) { server in
                var configuration = try configuration(server)
                configuration.metrics = metrics
                let outcome = await verb.meet(configuration)
                verdict = judge(outcome)
                verdict.problems += await leftovers(server, metrics)
            }
        } catch {
            // Whether it is a request to cancel or a session that comes next is not the script's to know. And on a busy
            // machine the time may be over before the script has come to its point.
            verdict.problems += "\(error)".split(separator: "\n").map(String.init).filter {
                !$0.hasPrefix("connection ")
                    || $0.hasPrefix("connection 0,") && !(behaviour.limit != nil && Self.isOfClosing($0))
            }
        }
        return verdict
    }

    /// Whether a script was not played to its end because the client had closed the connection.
    private static func isOfClosing(_ complaint: String) -> Bool {
        complaint.hasSuffix("the client closed the connection") || complaint.contains("the handshake failed")
    }

    private func configuration(_ server: ScriptedServer) throws -> PostgresConfiguration {
        var configuration = try PostgresConfiguration(connectionString: server.url, environment: .none)
        configuration.connectTimeout = .seconds(5)
        configuration.queryTimeout = .seconds(5)
        configuration.controlTimeout = .seconds(5)
        configuration.commitTimeout = .seconds(5)
        // A long parameter goes out with the statement.
        configuration.infersParameterTypes = false
        configuration.cleanUpTimeout = Behaviour.Limit.cleanUpTime
        configuration.cancelTimeout = Behaviour.Limit.cleanUpTime
        configuration.closeTimeout = Behaviour.Limit.cleanUpTime
        switch behaviour.limit {
        case .connecting: configuration.connectTimeout = Behaviour.Limit.short
        case .query: configuration.queryTimeout = Behaviour.Limit.short
        case .commit: configuration.commitTimeout = Behaviour.Limit.short
        case .control: configuration.controlTimeout = Behaviour.Limit.short
        case .cleanUp, nil: break
        }
        try behaviour.configure(&configuration)
        return configuration
    }

    // MARK: judging

    private func judge(_ outcome: TrialOutcome) -> Verdict {
        var verdict = Verdict()
        func demand(_ isRight: Bool, _ problem: String) {
            if !isRight { verdict.problems.append(problem) }
        }
        let said = outcome.error.map { "\($0.code): \($0.message)" } ?? "no error"
        let saidNext = outcome.next.map { "\($0.code): \($0.message)" } ?? "no error"
        demand(outcome.strangeRows.isEmpty, "the next call got the rows \(outcome.strangeRows)")
        switch behaviour.expected {
        case .honest:
            demand(outcome.error == nil, said)
            demand(isWhole(outcome), "the rows \(outcome.numbers), \(outcome.rowCount ?? -1)")
            demand(outcome.next == nil, "next: \(saidNext)")
        case .rows(let numbers):
            demand(outcome.error == nil, said)
            let expected = verb == .first || verb == .leave ? Array(numbers.prefix(1)) : numbers
            demand(verb == .execute || outcome.numbers == expected, "the rows \(outcome.numbers)")
            demand(outcome.next == nil, "next: \(saidNext)")
        case .rowsThen(let codes):
            demand(outcome.error == nil, said)
            demand(isWhole(outcome), "the rows \(outcome.numbers)")
            // A pool finds out by itself, and gives the next call another connection.
            demand(verb == .pooled || outcome.next.map { codes.contains($0.code) } == true, "next: \(saidNext)")
        case .fails(let codes): expectFailure(outcome, codes, said, saidNext, demand)
        case .failsUsable(let codes):
            demand(outcome.error.map { codes.contains($0.code) } == true, said)
            demand(outcome.error?.isConnectionUsable == true, "the connection is said to be unusable: \(said)")
            demand(outcome.next == nil, "next: \(saidNext)")
        case .either(let codes):
            demand(outcome.error.map { codes.contains($0.code) } ?? isWhole(outcome), said)
        }
        demand([1, 2].starts(with: outcome.numbers) || isRows, "the rows \(outcome.numbers)")
        judgeTime(outcome, &verdict)
        return verdict
    }

    private var isRows: Bool { if case .rows = behaviour.expected { true } else { false } }

    private func isWhole(_ outcome: TrialOutcome) -> Bool {
        switch verb {
        case .first, .leave: outcome.numbers == [1]
        case .execute, .copyIn, .many: outcome.rowCount == 2
        case .rows, .prepared, .transaction, .pooled, .batch, .copyOut, .copyRows: outcome.numbers == [1, 2]
        default: true
        }
    }

    private func expectFailure(
        _ outcome: TrialOutcome, _ codes: [Code], _ said: String, _ saidNext: String, _ demand: (Bool, String) -> Void
    ) {
        // The first row may be there before anything else is seen; the connection tells the next call.
        if outcome.error == nil, verb == .first || verb == .leave, outcome.numbers == [1] {
            return demand(outcome.next?.isConnectionUsable == false, "next: \(saidNext)")
        }
        demand(outcome.error.map { codes.contains($0.code) } == true, said)
        demand(outcome.error?.isConnectionUsable == false, "the connection is said to be usable: \(said)")
        guard outcome.hasNext, verb != .pooled else { return }
        if let error = outcome.error, [.protocolViolation, .messageTooLarge].contains(error.code) {
            demand(outcome.next?.code == error.code && outcome.next?.message == error.message, "next: \(saidNext)")
        }
        demand(outcome.next?.isConnectionUsable == false, "next: \(saidNext)")
    }

    private func judgeTime(_ outcome: TrialOutcome, _ verdict: inout Verdict) {
        let range = behaviour.limit?.range ?? Duration.zero...Duration.zero
        if outcome.elapsed < range.lowerBound { verdict.problems.append("over after \(outcome.elapsed) already") }
        if outcome.elapsed > range.upperBound + behaviour.timeMax {
            verdict.problems.append("took \(outcome.elapsed)")
        }
        if behaviour.limit != nil, verb != .send { verdict.overshoot = max(outcome.elapsed - range.upperBound, .zero) }
    }

    // MARK: what is left

    /// What is left of the call after some time to clean up, and what it has told.
    private func leftovers(_ server: ScriptedServer, _ metrics: PostgresMetrics) async -> [String] {
        var problems: [String] = []
        let gauges = ["connections_open", "queries_in_flight", "held_bytes"]
        let deadline = ContinuousClock.now + .seconds(2)
        func left() -> [String] {
            let counts = metrics.snapshot()
            let sockets = ConnectedSockets.count(to: server.port)
            return gauges.filter { counts[$0]?.total() != 0 }.map { "\($0) is \(counts[$0]?.total() ?? -1)" }
                + (sockets == 0 ? [] : ["\(sockets) sockets are open"])
        }
        while !left().isEmpty, ContinuousClock.now < deadline { await Task.yield() }
        problems += left()
        // A password comes at the front.
        for transcript in server.transcripts {
            let front = String(decoding: (transcript.bytes + transcript.plaintext).prefix(4 << 10), as: UTF8.self)
            if front.contains(TestListener.password) { problems.append("the password was sent in the clear") }
        }
        return problems
    }
}
