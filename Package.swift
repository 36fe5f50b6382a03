// swift-tools-version: 6.2
import PackageDescription

/// Set by `scripts/fuzz` alone: everything is then compiled for libFuzzer and the address sanitizer.
let isFuzzing = Context.environment["POSTGRES_STREAMING_FUZZING"] != nil
let instrumented = ["-sanitize=fuzzer,address"]

/// One array for every Swift target: what holds in one room holds in the whole house.
let settings: [SwiftSetting] =
    [
        .swiftLanguageMode(.v6),
        .strictMemorySafety(),
        .treatAllWarnings(as: .error),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    ] + (isFuzzing ? [.unsafeFlags(instrumented)] : [])

/// For targets whose own functions hand out spans. Clients of such a target do not need it.
let lifetimes: [SwiftSetting] = settings + [.enableExperimentalFeature("Lifetimes")]

let package = Package(
    name: "postgres-streaming",
    products: [
        .library(name: "PostgresStreaming", targets: ["PostgresStreaming"]),
        .library(name: "PostgresFoundation", targets: ["PostgresFoundation"]),
        .library(name: "JSONTape", targets: ["JSONTape"]),
        .library(name: "FraiseWire", targets: ["FraiseWire"]),
        .library(name: "PostgresRegistry", targets: ["PostgresRegistry"]),
        .library(name: "PostgresTesting", targets: ["PostgresTesting"]),
    ],
    targets: [
        .systemLibrary(name: "COpenSSL"),
        .systemLibrary(name: "CProcessSpawn"),
        .target(name: "CSystemIO"),
        .target(name: "PostgresWire", swiftSettings: lifetimes),
        .target(name: "PostgresLocking", swiftSettings: settings),
        .target(name: "PostgresCryptography", dependencies: ["PostgresWire", "COpenSSL"], swiftSettings: settings),
        .target(
            name: "PostgresTransport", dependencies: ["PostgresLocking", "COpenSSL", "CSystemIO"],
            swiftSettings: lifetimes),
        .target(
            name: "PostgresValues", dependencies: ["PostgresWire", "PostgresLocking", "JSONTape"],
            swiftSettings: lifetimes),
        .target(
            name: "PostgresStreaming",
            dependencies: ["PostgresWire", "PostgresCryptography", "PostgresTransport", "PostgresValues"],
            swiftSettings: lifetimes),
        .target(
            name: "PostgresFoundation", dependencies: ["PostgresStreaming", "JSONTape"], swiftSettings: settings),
        .target(name: "JSONTape", swiftSettings: lifetimes),
        .target(name: "ConfigText", swiftSettings: lifetimes),
        .target(
            name: "FraiseWire", dependencies: ["PostgresStreaming", "PostgresFoundation", "JSONTape"],
            swiftSettings: lifetimes),
        .target(name: "CChildProcess"),
        .target(
            name: "PostgresRegistry",
            dependencies: ["PostgresStreaming", "PostgresTransport", "PostgresLocking", "ConfigText", "CChildProcess"],
            swiftSettings: settings),
        .target(name: "PostgresTesting", dependencies: ["CProcessSpawn"], swiftSettings: settings),

        .target(
            name: "PostgresTestSupport",
            dependencies: [
                "COpenSSL", "PostgresWire", "PostgresCryptography", "PostgresTransport", "PostgresStreaming",
                "PostgresTesting",
            ],
            path: "Tests/PostgresTestSupport", swiftSettings: lifetimes),
        .executableTarget(
            name: "PostgresTestingOwner", dependencies: ["PostgresTesting"], path: "Tests/PostgresTestingOwner",
            swiftSettings: settings),
        .target(name: "CInterleavings", path: "Tests/CInterleavings"),
        // It takes the place of the kernel and of the clock in its process. The runtime's own library has to find that too.
        // The tests that run it do not depend on it, for that would put all this into their process; every build makes it.
        .executableTarget(
            name: "interleavings",
            dependencies: ["CInterleavings", "PostgresTransport", "PostgresStreaming", "PostgresTestSupport"],
            path: "Tests/Interleavings", swiftSettings: settings,
            linkerSettings: [.unsafeFlags(["-Xlinker", "--export-dynamic"])]),
        // In this package and not in that of the benchmarks, because it frames with the wire types themselves.
        .executableTarget(
            name: "instruction-count",
            dependencies: [
                "InstructionDocuments", "JSONTape", "PostgresWire", "PostgresTransport", "PostgresStreaming",
                "PostgresTestSupport",
            ],
            path: "Benchmarks/Sources/instructions", swiftSettings: lifetimes),
        // The package of the benchmarks has the same ones.
        .target(
            name: "InstructionDocuments", dependencies: ["JSONTape"], path: "Benchmarks/Sources/documents",
            swiftSettings: settings),
        .testTarget(
            name: "PostgresWireTests",
            dependencies: ["PostgresWire", "PostgresLocking", "PostgresCryptography", "PostgresTestSupport"],
            swiftSettings: lifetimes),
        .testTarget(
            name: "PostgresValuesTests",
            dependencies: ["PostgresWire", "PostgresValues", "PostgresTesting", "PostgresTestSupport"],
            swiftSettings: lifetimes),
        .testTarget(
            name: "JSONTapeTests", dependencies: ["JSONTape", "PostgresTestSupport"], swiftSettings: settings),
        .testTarget(
            name: "ConfigTextTests",
            dependencies: ["ConfigText", "JSONTape", "PostgresTesting", "PostgresTestSupport"],
            exclude: ["Oracles/libyaml.c", "Oracles/ruamel-trees.py", "Documents"], swiftSettings: settings),
        .testTarget(
            name: "PostgresTransportTests", dependencies: ["PostgresTransport", "PostgresTestSupport"],
            swiftSettings: lifetimes),
        .testTarget(
            name: "ModelTests",
            dependencies: ["PostgresTransport", "PostgresStreaming", "PostgresTesting", "PostgresTestSupport"],
            swiftSettings: settings),
        .testTarget(
            name: "PostgresStreamingTests",
            dependencies: [
                "PostgresStreaming", "PostgresCryptography", "JSONTape", "PostgresTesting", "PostgresTestSupport",
            ],
            swiftSettings: settings),
        // Small, so that it is soon built.
        .testTarget(
            name: "SweepTests",
            dependencies: [
                "PostgresStreaming", "PostgresTransport", "FraiseWire", "PostgresTesting", "PostgresTestSupport",
            ],
            swiftSettings: settings),
        // What a hostile server may do, by itself so that a new behaviour is tried within seconds.
        .testTarget(
            name: "HostileServerTests",
            dependencies: ["PostgresStreaming", "PostgresTransport", "PostgresTestSupport"],
            swiftSettings: settings),
        .testTarget(
            name: "PostgresFoundationTests",
            dependencies: ["PostgresStreaming", "PostgresFoundation", "JSONTape", "PostgresTestSupport"],
            swiftSettings: settings),
        .testTarget(
            name: "FraiseWireTests",
            dependencies: ["FraiseWire", "PostgresStreaming", "JSONTape", "PostgresTesting", "PostgresTestSupport"],
            swiftSettings: settings),
        .executableTarget(
            name: "PostgresRegistryOwner", dependencies: ["PostgresRegistry", "PostgresStreaming"],
            path: "Tests/PostgresRegistryOwner", swiftSettings: settings),
        .testTarget(
            name: "PostgresRegistryTests",
            dependencies: [
                "PostgresRegistry", "PostgresRegistryOwner", "PostgresStreaming", "PostgresTransport",
                "PostgresTesting", "PostgresTestSupport",
            ],
            swiftSettings: settings),
        .testTarget(
            name: "PostgresTestingTests", dependencies: ["PostgresTesting", "PostgresTestingOwner"],
            swiftSettings: settings),
        .testTarget(
            name: "ExamplesTests", dependencies: ["PostgresStreaming", "PostgresTesting", "PostgresTestSupport"],
            swiftSettings: settings),
        .testTarget(name: "RepositoryTests", swiftSettings: settings),
    ]
)

if isFuzzing {
    // Here and not in a package of its own, because it feeds what crosses targets as `package`.
    package.targets += [
        .systemLibrary(name: "CLibFuzzer", path: "Fuzzing/CLibFuzzer"),
        .executableTarget(
            name: "fuzz", dependencies: ["CLibFuzzer", "JSONTape", "ConfigText", "PostgresWire", "PostgresStreaming"],
            path: "Fuzzing/Targets",
            swiftSettings: lifetimes, linkerSettings: [.unsafeFlags(instrumented + ["-use-ld=lld"])]),
    ]
}
