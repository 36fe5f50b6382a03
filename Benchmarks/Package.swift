// swift-tools-version: 6.2
import PackageDescription

// A package of its own, because the yardsticks are other clients: the library itself links none of them.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

let cSettings: [CSetting] = [.enableWarning("all"), .enableWarning("extra"), .treatAllWarnings(as: .error)]

// Embedded Swift has no runtime library: with it, the programs in C link none, and their memory is their own.
let cLinkerSettings: [LinkerSetting] = [.unsafeFlags(["-enable-experimental-feature", "Embedded", "-wmo"])]

let streaming = Target.Dependency.product(name: "PostgresStreaming", package: "postgres-streaming")
let jsonTape = Target.Dependency.product(name: "JSONTape", package: "postgres-streaming")
let fraise = Target.Dependency.product(name: "FraiseWire", package: "postgres-streaming")
let testing = Target.Dependency.product(name: "PostgresTesting", package: "postgres-streaming")

let package = Package(
    name: "Benchmarks",
    products: [
        // For LD_PRELOAD: counts what a client allocates.
        .library(name: "countmalloc", type: .dynamic, targets: ["CountMalloc"])
    ],
    dependencies: [.package(name: "postgres-streaming", path: "..")],
    targets: [
        .target(name: "ProcessUsage", swiftSettings: settings),
        // Each client runs in a process of its own, so that CPU time and memory are its own too.
        .executableTarget(name: "client-swift", dependencies: ["ProcessUsage", streaming], swiftSettings: settings),
        // The instruction counts read the same ones, in the library's own package.
        .target(
            name: "Documents", dependencies: [jsonTape], path: "Sources/documents", swiftSettings: settings),
        .executableTarget(
            name: "client-json", dependencies: ["Documents", "ProcessUsage", streaming, jsonTape, fraise],
            swiftSettings: settings),
        .target(name: "CMeasure", cSettings: cSettings),
        .target(name: "CWire", dependencies: ["CMeasure"], cSettings: cSettings),
        // Needs the header of libpq-dev; the library is loaded at run time.
        .executableTarget(
            name: "client-libpq", dependencies: ["CMeasure"], cSettings: cSettings, linkerSettings: cLinkerSettings),
        .executableTarget(
            name: "client-sink", dependencies: ["CMeasure", "CWire"], cSettings: cSettings,
            linkerSettings: cLinkerSettings),
        .executableTarget(
            name: "replay", dependencies: ["CMeasure", "CWire"], cSettings: cSettings, linkerSettings: cLinkerSettings),
        .target(name: "CountMalloc", cSettings: cSettings, linkerSettings: cLinkerSettings),
        // A Swift process that does nothing: what every Swift program has resident.
        .executableTarget(name: "nothing", dependencies: ["ProcessUsage"], swiftSettings: settings),
        .executableTarget(
            name: "bench-pool", dependencies: ["ProcessUsage", streaming, testing], swiftSettings: settings),
        .executableTarget(name: "bench", dependencies: [streaming, testing], swiftSettings: settings),
    ]
)
