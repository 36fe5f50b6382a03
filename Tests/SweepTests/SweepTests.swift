import Glibc
import PostgresTestSupport
import Testing

/// Faults of the network at any byte and any message of every verb: it succeeds with every row, or throws a
/// `PostgresError` in time that tells the truth; and nothing is left over.
@Suite struct SweepTests {
    private static func setting(_ name: String) -> String? {
        unsafe getenv(name).flatMap { unsafe String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    }

    private static let verb = setting("SWEEP_VERB")
    /// More than any machine gets through.
    private static let casesPerSecondMax = 500

    private func recordings(_ verbs: [Verb]) async throws -> [Recording] {
        let server = try await SweepServer.shared
        return try await withThrowingTaskGroup(of: Recording?.self) { group async throws in
            var places = verbs.flatMap { verb in Way.allCases.map { (verb, $0) } }[...]
            func add() {
                guard let (verb, way) = places.popFirst() else { return }
                group.addTask { try await Recording(verb, way, on: server) }
            }
            for _ in 0..<8 { add() }
            var made: [Recording] = []
            while let recording = try await group.next() {
                if let recording { made.append(recording) }
                add()
            }
            return made.sorted { ($0.verb.name, $0.way.rawValue) < ($1.verb.name, $1.way.rawValue) }
        }
    }

    @Test(.timeLimit(.minutes(2)), .enabled(if: Self.verb == nil))
    func `any fault at any place, sampled, is an error that tells the truth`() async throws {
        let seed = Self.setting("SWEEP_SEED").flatMap { UInt64($0) } ?? UInt64.random(in: 0 ... .max)
        var generator = SeededGenerator(seed: seed)
        let recordings = try await recordings(Verb.all)
        var cases: [FaultCase] = []
        for recording in recordings { for _ in 1...2 { cases.append(recording.anyCase(using: &generator)) } }
        let sweep = Sweep(cases.shuffled(using: &generator))
        await sweep.run("sampled with SWEEP_SEED=\(seed)", on: try await SweepServer.shared)
    }

    @Test(.enabled(if: Self.verb != nil))
    func `every fault at every place is an error that tells the truth`() async throws {
        let seconds = Self.setting("SWEEP_SECONDS").flatMap { Int($0) }
        let verbs = Verb.all.filter { Self.verb == "all" || Self.verb == $0.name }
        try #require(!verbs.isEmpty, "the verbs are \(Verb.all.map(\.name))")
        let (recordings, server) = (try await recordings(verbs), try await SweepServer.shared)
        for recording in recordings { print("↳ \(recording.description)") }
        if let seconds {
            // By chance, so that the end leaves out a part of everything.
            var generator = SeededGenerator(seed: UInt64.random(in: 0 ... .max))
            let cases = (0..<seconds * Self.casesPerSecondMax).compactMap { _ in
                recordings.randomElement(using: &generator)?.anyCase(using: &generator)
            }
            await Sweep(cases, seconds: seconds).run("by chance", on: server)
        } else {
            for recording in recordings {
                await Sweep(recording.cases).run("\(recording.verb.name), \(recording.way)", on: server)
            }
        }
    }
}
