import Glibc
import PostgresRegistry
import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import PostgresTransport
import Testing

/// Reloads under leases, one in ten documents broken. `scripts/soak registry` runs it for longer.
@Suite(.timeLimit(.minutes(15))) struct RegistrySoakTests {
    private static let seconds = Int(environmentText("REGISTRY_SECONDS") ?? "") ?? 2
    private static let tasks = Int(environmentText("REGISTRY_TASKS") ?? "") ?? 16

    private struct Counts: Sendable {
        var reloads = 0
        var refused = 0
        var leases = 0
        var failures: [String] = []
        var mixtures = 0
    }

    @Test func `no lease fails and no document is mixed with another while documents come and go`() async throws {
        let server = try await LiveServer.postgres18.server
        try await TemporaryDirectory.with { directory in
            let path = "\(directory)/pgsluice.yaml"
            try TemporaryDirectory.write(document(0, server), to: path)
            let registry = try await Registry.open(.file(path))
            let counts = Locked(Counts())
            let isOver = Gate()
            let (leases, told) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1000))
            var steps = leases.makeAsyncIterator()
            let clock = ContinuousClock()
            let end = clock.now + .seconds(Self.seconds)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<Self.tasks {
                    group.addTask {
                        while !isOver.isOpen {
                            await lease(registry, index, counts)
                            told.yield()
                        }
                    }
                }
                var version = 0
                while clock.now < end {
                    version += 1
                    let isBroken = version % 10 == 0
                    let text = isBroken ? "connections: {one: {hots: x}}" : document(version, server)
                    try TemporaryDirectory.write(text, to: "\(path).new")
                    unsafe rename("\(path).new", path)
                    let refusal = await refusal { () throws(RegistryError) in try await registry.reload() }
                    #expect((refusal != nil) == isBroken)
                    counts.withLock { counts in
                        counts.reloads += 1
                        counts.refused += isBroken ? 1 : 0
                    }
                    // Tasks lease in between, or there would be no leases to disturb.
                    for _ in 0..<max(1, Self.tasks / 4) { await steps.next() }
                }
                isOver.open()
                try await group.waitForAll()
            }
            let same = try registry.client(named: "same").statistics
            let found = counts.withLock { $0 }
            print(
                "↳ \(found.reloads) reloads, \(found.refused) of them refused, \(found.leases) leases by \(Self.tasks) tasks, "
                    + "\(found.failures.count) failed, \(found.mixtures) mixtures; of the unchanged pool's \(same.opened) connections \(same.closed) closed"
            )
            #expect(found.failures.isEmpty, "\(found.failures.prefix(3))")
            #expect(found.mixtures == 0 && found.leases > Self.tasks && found.refused > 0)
            #expect(same.closed == 0)
            await registry.close()
        }
    }

    private func document(_ version: Int, _ server: PostgresServer) -> String {
        "templates:\n  base:\n" + server.entry()
            + """
                pool: {connections_max: 4, lease_timeout: 5min}
                limits: {connect_timeout: 5min}
            connections:
              one: {template: base, application_name: v\(version), labels: {version: v\(version)}}
              two: {template: base, application_name: v\(version), labels: {version: v\(version)}}
              same: {template: base}

            """
    }

    private func lease(_ registry: Registry, _ index: Int, _ counts: Locked<Counts>) async {
        let question: PostgresQuery = "SELECT current_setting('application_name')"
        do {
            if index % 4 == 3 {
                try await registry.client(named: "same").execute("SELECT 1")
                // A lease that a reload comes into goes on.
                try await registry.client(named: "one").withConnection { connection in
                    let before = try await connection.query(question).only().decode(String.self)
                    for _ in 1...5 { try await connection.execute("SELECT 1") }
                    let after = try await connection.query(question).only().decode(String.self)
                    if before != after { counts.withLock { $0.mixtures += 1 } }
                }
            } else {
                let snapshot = registry.snapshot
                let expected = try snapshot.document.profile(named: "one").labels["version"]
                let one = try await snapshot.client(named: "one").query(question).only().decode(String.self)
                let two = try await snapshot.client(named: "two").query(question).only().decode(String.self)
                if one != expected || two != expected { counts.withLock { $0.mixtures += 1 } }
            }
            counts.withLock { $0.leases += 1 }
        } catch {
            counts.withLock { $0.failures.append("\(error)") }
        }
    }
}

/// The value of an environment variable; nil where it is not set.
func environmentText(_ name: String) -> String? { unsafe getenv(name).map { unsafe String(cString: $0) } }
