import Testing

@Suite struct SafetyTests {
    /// Where the compiler is asked to believe something about concurrency, and why it may.
    private static let concurrencyClaims = [
        "Sources/JSONTape/Values/OwnedDocument.swift": "document and tape are written by the initialiser alone",
        "Sources/PostgresStreaming/Driver/DriverHandover.swift":
            "the lease gives the driver to one caller at a time",
        "Sources/PostgresStreaming/Copying/CopyInRun.swift": "its owner waits until the loop has done with it",
        "Sources/PostgresStreaming/Pipelining/PipelineRun+Leaving.swift":
            "its owner waits until the loop has done with it",
        "Sources/PostgresLocking/Locked.swift": "the lock is what makes it true",
        "Sources/PostgresTransport/Loop/EventLoop.swift": "only the loop's own thread touches its state",
        "Sources/PostgresTransport/TLS/TLSContext.swift": "whoever makes a context hands it to one session",
        "Sources/PostgresValues/Values/JSON/SharedTapes.swift":
            "a tape in the list belongs to the one who takes it out",
        "Sources/PostgresWire/Bytes/ReceiveSlab.swift": "received bytes are never changed while somebody holds them",
        "Sources/PostgresWire/Bytes/SecretBytes.swift": "written by the initialiser and by deinit alone",
        "Sources/PostgresWire/Rows/ColumnType.swift": "the types are written by the initialiser alone",
        "Tests/Interleavings/World/World.swift": "one thread runs everything",
    ]

    /// Tests that wait for the outside world, where nothing can signal.
    private static let sleepers = [
        "Tests/Interleavings/Scenarios/Scenario.swift": "the time is the world's own and passes at once",
        "Tests/PostgresTestingOwner/Owner.swift": "it waits for the signal that kills it",
        "Tests/PostgresTestingTests/Eventually.swift": "it watches processes that are nobody's children here",
    ]

    @Test func `claims about concurrency are made in few places, all with a reason`() {
        var claimed: Set<String> = []
        for file in Repository.here.swiftFiles("Sources", "Tests", "Examples", "Benchmarks") {
            let places = file.places { line in Self.claims.contains { line.code.contains($0) } }
            if !places.isEmpty { claimed.insert(file.path) }
            guard Self.concurrencyClaims[file.path] == nil else { continue }
            expectNone(places, "add the file and the reason to the list in \(#fileID), or better do without")
        }
        #expect(claimed.isSuperset(of: Self.concurrencyClaims.keys), "a file on the list makes no claim any more")
    }

    // Put together, because this file is read as well.
    private static let claims = ["@" + "unchecked Sendable", "nonisolated" + "(unsafe)"]
    private static let sleep = "sleep" + "("

    @Test func `no test sleeps`() {
        var sleeping: Set<String> = []
        for file in Repository.here.swiftFiles("Tests") {
            let places = file.places { line in
                // The server's own pg_sleep holds a query open, not a test up.
                guard let call = line.code.firstRange(of: Self.sleep) else { return false }
                return !line.code[..<call.lowerBound].hasSuffix("_")
            }
            if !places.isEmpty { sleeping.insert(file.path) }
            guard Self.sleepers[file.path] == nil else { continue }
            expectNone(places, "wait for what the test waits for: a gate, a script, an answer")
        }
        #expect(sleeping.isSuperset(of: Self.sleepers.keys), "a file on the list does not sleep any more")
    }
}
