// swift-tools-version: 6.2
import PackageDescription

// A package of its own, because the yardsticks are other clients: the library itself links none of them.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
     
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

let package = Package(
    name: "Benchmarks",
    dependencies: [.package(name: "postgres-streaming", path: "..")],
    targets: [
        .systemLibrary(name: "CLibpq", pkgConfig: "libpq"),
        .executableTarget(
            name: "narrow",
            dependencies: [
                "CLibpq", .product(name: "PostgresStreaming", package: "postgres-streaming"),
            ],
            path: "Sources/Narrow", swiftSettings: settings),
    ]
)
