// swift-tools-version: 6.2
import PackageDescription

// A package of its own, as a user's would be: it knows the library by its products alone.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

let streaming: Target.Dependency = .product(name: "PostgresStreaming", package: "postgres-streaming")
let jsonTape: Target.Dependency = .product(name: "JSONTape", package: "postgres-streaming")
let fraise: Target.Dependency = .product(name: "FraiseWire", package: "postgres-streaming")
let registry: Target.Dependency = .product(name: "PostgresRegistry", package: "postgres-streaming")
let testing: Target.Dependency = .product(name: "PostgresTesting", package: "postgres-streaming")

/// Those that read the documents of `Tracker` through FraiseWire.
let fraiseExamples = [
    "BasicQuery", "BasicStream", "Filtering", "AdvancedFiltering", "Ordering", "Streaming", "TypedStreaming",
    "PauseResume", "ErrorHandling", "Configuration", "TLS", "SCRAM", "Metrics", "UnixSocket",
].map { name in
    Target.executableTarget(
        name: "Fraise\(name)", dependencies: [streaming, jsonTape, fraise, "Tracker"], swiftSettings: settings)
}

/// Those of the streaming client.
let streamingExamples = [
    "NDJSONExport", "BoundedMemory", "PauseBySignal", "TypedRows", "ErrorHandling", "Pool", "Failover",
    "TestingYourCode", "Repository", "LoadCSV", "CSVImport", "TableToTable", "JobQueue", "CacheInvalidation",
    "ThreeReports", "HugeDocument",
].map { name in
    Target.executableTarget(
        name: name, dependencies: [streaming, testing, "Tracker", "ProcessMemory", "Interrupts"],
        swiftSettings: settings)
}

let package = Package(
    name: "Examples",
    dependencies: [.package(name: "postgres-streaming", path: "..")],
    targets: [
        .executableTarget(name: "FirstQuery", dependencies: [streaming], swiftSettings: settings),
        .executableTarget(name: "Transactions", dependencies: [streaming], swiftSettings: settings),
        .executableTarget(
            name: "MetricsEndpoint", dependencies: [streaming, "Interrupts"], swiftSettings: settings),
        .executableTarget(name: "Service", dependencies: [streaming, "Interrupts"], swiftSettings: settings),
        .executableTarget(
            name: "RegistryService", dependencies: [streaming, registry, "Interrupts"], exclude: ["pgsluice.yaml"],
            swiftSettings: settings),
        .executableTarget(
            name: "StreamLargeTable", dependencies: [streaming, "ProcessMemory"], swiftSettings: settings),
        .executableTarget(name: "JSONDocuments", dependencies: [streaming, jsonTape], swiftSettings: settings),
        .executableTarget(
            name: "Demo", dependencies: [streaming, testing, "ProcessMemory"], swiftSettings: settings),
        // The database, the arguments and the words around them that the examples share.
        .target(name: "Tracker", dependencies: [streaming, jsonTape], swiftSettings: settings),
        .target(name: "ProcessMemory", swiftSettings: settings),
        .target(name: "Interrupts", swiftSettings: settings),
    ] + fraiseExamples + streamingExamples
)
