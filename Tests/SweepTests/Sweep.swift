import Glibc
import PostgresTestSupport
import PostgresTransport
import Testing

/// Runs cases, several at a time: most of them wait for a limit.
struct Sweep: Sendable {
    private struct State: Sendable {
        var next = 0
        var endings: [String: Int] = [:]
        var complaints: [String] = []
        var lastReport: ContinuousClock.Instant
    }

    private static let workerCount = 12
    private static let reportInterval = Duration.seconds(10)
    private static let complaintsMax = 20

    private let cases: [FaultCase]
    private let deadline: ContinuousClock.Instant?
    private let start = ContinuousClock.now
    private let state: Locked<State>

    /// - Parameter seconds: after how long no more cases are begun; nil for no limit.
    init(_ cases: [FaultCase], seconds: Int? = nil) {
        self.cases = cases
        deadline = seconds.map { .now + .seconds($0) }
        state = Locked(State(lastReport: .now))
    }

    /// Runs the cases, records an issue for each that goes wrong and prints how they ended.
    func run(_ name: String, on server: SweepServer) async {
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<Self.workerCount {
                group.addTask { while let next = take() { record(next, await next.run(on: server), name) } }
            }
        }
        let state = state.withLock { $0 }
        let endings = state.endings.sorted { $0.value > $1.value }.map { "\($0.value) \($0.key)" }
        print(
            "↳ \(name): \(state.endings.values.reduce(0, +)) of \(cases.count) cases in \(.now - start as Duration): "
                + endings.joined(separator: ", ") + "; \(state.complaints.count) wrong")
        for complaint in state.complaints.prefix(Self.complaintsMax) { Issue.record("\(complaint)") }
    }

    private func take() -> FaultCase? {
        if let deadline, deadline <= .now { return nil }
        return state.withLock { state in
            guard state.next < cases.count else { return nil }
            state.next += 1
            return cases[state.next - 1]
        }
    }

    private func record(_ place: FaultCase, _ report: FaultCase.Report, _ name: String) {
        let progress = state.withLock { state -> String? in
            state.endings[report.ending, default: 0] += 1
            for complaint in report.complaints { state.complaints.append("\(place): \(report.ending); \(complaint)") }
            guard ContinuousClock.now - state.lastReport > Self.reportInterval else { return nil }
            state.lastReport = .now
            return "↳ \(name): \(state.next) of \(cases.count), \(state.complaints.count) wrong"
        }
        for complaint in report.complaints { print("↳ \(place): \(report.ending); \(complaint)") }
        if let progress { print(progress) }
        // Shown at once, also where the output is no terminal.
        fflush(nil)
    }
}
