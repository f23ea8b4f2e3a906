// swift-tools-version: 6.2
import PackageDescription

/// One set of strict settings for every target; warnings become errors in `scripts/lint`, not here,
/// so that a newer compiler's new warning never stops a user from building.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

let package = Package(
    name: "rookery",
    products: [
        .executable(name: "index-server", targets: ["IndexServer"]),
        .executable(name: "peer", targets: ["Peer"]),
        .executable(name: "index-bench", targets: ["IndexBench"]),
    ],
    targets: [
        .target(name: "CLinux"),
        .systemLibrary(name: "CCrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CSQLite", providers: [.apt(["libsqlite3-dev"])]),
        .target(name: "P2PProtocol", dependencies: ["CCrypto"], swiftSettings: strict),
        .target(
            name: "P2PRuntime", dependencies: ["P2PProtocol", "CLinux", "CCrypto", "CSQLite"],
            swiftSettings: strict),
        .executableTarget(name: "IndexServer", dependencies: ["P2PProtocol", "P2PRuntime"], swiftSettings: strict),
        .executableTarget(name: "Peer", dependencies: ["P2PProtocol", "P2PRuntime"], swiftSettings: strict),
        .target(name: "CTestSupport", path: "Tests/CTestSupport"),
        .target(
            name: "TestSupport", dependencies: ["P2PProtocol", "P2PRuntime", "CTestSupport"], path: "Tests/TestSupport",
            swiftSettings: strict),
        .target(
            name: "FuzzTargets", dependencies: ["P2PProtocol"], path: "Tests/FuzzTargets", swiftSettings: strict),
        // An executable cannot link another one: the engine's folder is linked into this one and built again.
        .executableTarget(
            name: "IndexBench",
            dependencies: ["IndexServer", "CTestSupport", "P2PProtocol", "P2PRuntime", "TestSupport"],
            path: "Benchmarks/IndexBench", swiftSettings: strict),
        .testTarget(
            name: "P2PProtocolTests", dependencies: ["P2PProtocol", "FuzzTargets", "TestSupport"],
            swiftSettings: strict),
        .testTarget(name: "P2PRuntimeTests", dependencies: ["P2PRuntime", "TestSupport"], swiftSettings: strict),
        .testTarget(name: "IndexServerTests", dependencies: ["IndexServer", "TestSupport"], swiftSettings: strict),
        .testTarget(name: "PeerTests", dependencies: ["Peer", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "IntegrationTests", dependencies: ["IndexServer", "Peer", "TestSupport"], swiftSettings: strict),
    ]
)
