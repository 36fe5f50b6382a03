import Testing

@Suite struct ImportTests {
    /// The modules that each target may import. What a target is not given here it does not depend on.
    private static let allowed: [String: Set<String>] = [
        "PostgresWire": ["Synchronization"],
        "PostgresLocking": ["Glibc", "Synchronization"],
        "PostgresCryptography": ["COpenSSL", "PostgresWire"],
        "PostgresTransport": ["COpenSSL", "CSystemIO", "PostgresLocking", "Glibc", "Synchronization"],
        "PostgresValues": ["PostgresWire", "PostgresLocking", "JSONTape"],
        "PostgresStreaming": [
            "PostgresWire", "PostgresCryptography", "PostgresTransport", "PostgresValues", "Glibc", "Synchronization",
        ],
        "JSONTape": [],
        "ConfigText": [],
        "FraiseWire": ["PostgresStreaming", "PostgresFoundation", "JSONTape"],
        "PostgresFoundation": ["PostgresStreaming", "JSONTape", "FoundationEssentials"],
        "PostgresRegistry": [
            "PostgresStreaming", "PostgresTransport", "PostgresLocking", "ConfigText", "CChildProcess", "Glibc",
        ],
        "PostgresTesting": ["CProcessSpawn", "Glibc"],
        "pgstream": ["PostgresStreaming", "FraiseWire"],

        "ConfigTextTests": [
            "ConfigText", "JSONTape", "PostgresTesting", "PostgresTestSupport", "Testing", "Foundation",
        ],
        "JSONTapeTests": ["JSONTape", "PostgresTestSupport", "Testing", "Foundation", "Glibc"],
        "PostgresTestSupport": [
            "COpenSSL", "PostgresWire", "PostgresCryptography", "PostgresTransport", "PostgresStreaming",
            "PostgresTesting", "Testing", "Glibc",
        ],
        "PostgresWireTests": [
            "PostgresWire", "PostgresLocking", "PostgresCryptography", "PostgresTestSupport", "Testing",
        ],
        "PostgresValuesTests": [
            "PostgresWire", "PostgresValues", "PostgresTesting", "PostgresTestSupport", "Testing", "Glibc",
        ],
        "ModelTests": [
            "PostgresTransport", "PostgresStreaming", "PostgresTesting", "PostgresTestSupport", "Testing",
        ],
        "Interleavings": [
            "CInterleavings", "PostgresTransport", "PostgresStreaming", "PostgresTestSupport", "Glibc", "_Concurrency",
        ],
        "PostgresTransportTests": ["PostgresTransport", "PostgresTestSupport", "Testing", "Glibc"],
        "PostgresStreamingTests": [
            "PostgresStreaming", "PostgresCryptography", "PostgresTransport", "JSONTape", "PostgresTesting",
            "PostgresTestSupport", "Testing", "Glibc", "Foundation",
        ],
        "PostgresFoundationTests": [
            "PostgresStreaming", "PostgresFoundation", "JSONTape", "PostgresTestSupport", "Testing",
            "FoundationEssentials",
        ],
        "FraiseWireTests": [
            "FraiseWire", "PostgresStreaming", "JSONTape", "PostgresTesting", "PostgresTestSupport", "Testing",
            "FoundationEssentials",
        ],
        "ExamplesTests": [
            "PostgresStreaming", "PostgresTesting", "PostgresTestSupport", "Testing", "Foundation", "Glibc",
        ],
        "HostileServerTests": [
            "PostgresStreaming", "PostgresTransport", "PostgresTestSupport", "Testing", "Glibc",
        ],
        "SweepTests": [
            "PostgresStreaming", "PostgresTransport", "FraiseWire", "PostgresTesting", "PostgresTestSupport", "Testing",
            "Glibc", "Foundation",
        ],
        "PostgresRegistryOwner": ["PostgresRegistry", "PostgresStreaming", "Glibc"],
        "PostgresRegistryTests": [
            "PostgresRegistry", "PostgresStreaming", "PostgresTransport", "PostgresTesting", "PostgresTestSupport",
            "Testing", "Glibc",
        ],
        "PostgresTestingTests": ["PostgresTesting", "Testing", "Glibc"],
        "PostgresTestingOwner": ["PostgresTesting", "Glibc"],
        "RepositoryTests": ["Glibc", "FoundationEssentials", "Testing"],
    ]

    @Test func `every target imports only what it may depend on`() {
        for file in Repository.here.swiftFiles("Sources", "Tests") {
            guard let allowed = Self.allowed[file.target] else {
                Issue.record("\(file.path):1: nobody has said what \(file.target) may import")
                continue
            }
            expectNone(
                file.places { line in line.importedModule.map { !allowed.contains($0) } ?? false },
                "\(file.target) may import \(allowed.sorted())")
        }
    }

    @Test func `the protocol imports nothing but the standard library's atomics`() {
        for file in Repository.here.swiftFiles("Sources/PostgresWire") {
            expectNone(
                file.places { ($0.importedModule ?? "Synchronization") != "Synchronization" },
                "PostgresWire is the standard library alone")
        }
    }

    @Test func `the core does without Foundation`() {
        let core = Repository.here.swiftFiles(
            "Sources/PostgresWire", "Sources/PostgresLocking", "Sources/PostgresCryptography",
            "Sources/PostgresTransport", "Sources/PostgresValues", "Sources/PostgresStreaming", "Sources/JSONTape",
            "Sources/ConfigText")
        for file in core {
            expectNone(
                file.places { $0.importedModule?.hasPrefix("Foundation") ?? false }, "the core imports no Foundation")
        }
    }

    @Test func `no test looks behind the access levels`() {
        for file in Repository.here.swiftFiles("Sources", "Tests", "Benchmarks", "Examples") {
            expectNone(
                file.places { $0.importedModule != nil && $0.code.hasPrefix("@testable") },
                "what crosses targets is package")
        }
    }
}
