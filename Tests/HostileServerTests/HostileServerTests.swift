import PostgresTestSupport
import Testing

/// Every behaviour of a hostile server, met by every call that it can meet.
@Suite(.serialized, .timeLimit(.minutes(3))) struct HostileServerTests {
    /// By how much time limits may be overshot by all but one in a hundred.
    private static let overshootMax = Duration.milliseconds(250)

    @Test(arguments: Group.allCases)
    func `no call crashes, hangs, lies or leaks, whatever the server does`(group: Group) async throws {
        // Making them takes long, and would stop the clock of whatever runs at the time.
        _ = try TestCertificates.shared
        // A machine that is busy otherwise makes limits late, but not time and again.
        var wasInTime = false
        for _ in 1...3 where !wasInTime { wasInTime = await isInTime(group) }
        #expect(wasInTime, "\(group.rawValue): limits were overshot by more than \(Self.overshootMax) time and again")
    }

    /// Tries everything in a group; false where limits were overshot.
    private func isInTime(_ group: Group) async -> Bool {
        let start = ContinuousClock.now
        let verdicts = await Self.judge(group)
        print("↳ \(group.rawValue): \(verdicts.count) trials in \(start.duration(to: .now))")
        for (trial, verdict) in verdicts where !verdict.problems.isEmpty {
            Issue.record("\(trial.name): \(verdict.problems.joined(separator: "; "))")
        }
        let overshoots = verdicts.compactMap(\.1.overshoot).sorted()
        guard let last = overshoots.last, let worst = verdicts.first(where: { $0.1.overshoot == last }) else {
            return true
        }
        let percentile = overshoots[min(overshoots.count * 99 / 100, overshoots.count - 1)]
        print(
            "↳ \(overshoots.count) time limits of \(group.rawValue): overshot by \(percentile) at p99, \(last) at most, by "
                + "\(worst.0.name)")
        // Of few values any pause of the machine would decide, and under a sanitizer everything takes several times as long.
        return overshoots.count < 80 || percentile <= Self.overshootMax || Sanitizer.isOn
    }

    /// Tries everything in a group, `width` trials at a time.
    private static func judge(_ group: Group) async -> [(Trial, Trial.Verdict)] {
        let trials = group.trials
        return await withTaskGroup(of: (Trial, Trial.Verdict).self) { tasks in
            var verdicts: [(Trial, Trial.Verdict)] = []
            for (index, trial) in trials.enumerated() {
                if index >= group.width, let verdict = await tasks.next() { verdicts.append(verdict) }
                tasks.addTask { (trial, await group == .floods ? trial.judgeMemory() : trial.judge()) }
            }
            for await verdict in tasks { verdicts.append(verdict) }
            return verdicts
        }
    }

    @Test func `the page about security lists them as they are`() {
        let root = "\(#filePath)".split(separator: "/").dropLast(3).joined(separator: "/")
        let page = TextFile.read("/\(root)/SECURITY.md")
        let table = BehaviourTable.lines.joined(separator: "\n")
        #expect(page.contains(table), "SECURITY.md has to hold:\n\(table)")
    }

    @Test func `there are enough behaviours, and none has another's name`() {
        let names = Group.allCases.flatMap(\.behaviours).map(\.description)
        #expect(names.count >= 150)
        for (name, copies) in Dictionary(grouping: names, by: \.self) where copies.count > 1 {
            Issue.record("\(copies.count) are called \"\(name)\"")
        }
        let states = Set(Group.allCases.flatMap(\.behaviours).map(\.state))
        #expect(states == Set(ProtocolState.allCases))
    }
}

extension Trial {
    /// As `judge`, where it also counts what the process holds meanwhile.
    fileprivate func judgeMemory() async -> Verdict {
        let before = ResidentMemory.beginPeak()
        var verdict = await judge()
        let growth = ResidentMemory.peak - before
        if growth > behaviour.memoryMax, !Sanitizer.isOn {
            verdict.problems.append("\(growth >> 20) MiB more were held")
        }
        return verdict
    }
}
