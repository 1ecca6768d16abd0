// swift-tools-version: 6.2
import PackageDescription

/// Every target speaks Swift 6, warns about unsafe code and may hand out spans of what it owns.
let house: [SwiftSetting] = [
  .strictMemorySafety(),
  .enableExperimentalFeature("Lifetimes"),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let nio: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")

func house(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: house)
}

func tests(of name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .testTarget(
    name: name + "Tests", dependencies: [.target(name: name), "TestSupport"] + dependencies,
    swiftSettings: house)
}

let package = Package(
  name: "trialogue",
  products: [.executable(name: "trialogue", targets: ["trialogue"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0", traits: []),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
  ],
  targets: [
    // Floor 0
    house("Primitives"),
    // Floor 1: siblings that do not know each other
    house("SIP", ["Primitives", crypto]),
    house("SDP", ["Primitives"]),
    house("RTP", ["Primitives"]),
    house("Codecs", ["Primitives", "COpus"]),
    house("Audio", ["Primitives"]),
    // Floor 2
    house("Conference", ["Primitives", "RTP", "Codecs", "Audio"]),
    // Floor 3
    house("Runtime", ["Primitives", "RTP", "Codecs", "Audio", "Conference", "CLinux", crypto, logging]),
    // Floor 4
    house(
      "Application", ["Primitives", "SIP", "SDP", "RTP", "Codecs", "Audio", "Conference", logging]),
    // Floor 5
    house("SIPFront", ["Primitives", "SIP", "Application", nio, nioPosix, logging]),
    house("Storage", ["Primitives", "Application", .product(name: "GRDB", package: "GRDB.swift")]),
    house("Monitoring", ["Primitives", "Application", "Conference", hummingbird, logging]),
    house("WebFront", ["Primitives", "Application", "Conference", hummingbird, logging]),
    // Floor 6
    .executableTarget(
      name: "trialogue",
      dependencies: [
        "Primitives", "SIP", "SDP", "RTP", "Codecs", "Audio", "Conference", "Runtime", "Application",
        "SIPFront", "Storage", "Monitoring", "WebFront", logging,
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Yams", package: "Yams"),
      ],
      swiftSettings: house),
    // C
    .systemLibrary(
      name: "COpus", path: "Sources/C/COpus", pkgConfig: "opus", providers: [.apt(["libopus-dev"])]),
    .target(name: "CLinux", path: "Sources/C/CLinux"),
    // Tests
    .target(
      name: "TestSupport", dependencies: ["Primitives"], path: "Tests/TestSupport",
      swiftSettings: house),
    .target(name: "CAllocations", path: "Tests/C/CAllocations"),
    .target(
      name: "RoomLoad", dependencies: ["Primitives", "RTP", "Codecs", "Conference", "CAllocations"],
      path: "Tests/Benchmarks/RoomLoad", swiftSettings: house),
    .executableTarget(
      name: "RoomBench", dependencies: ["RoomLoad", "Codecs"], path: "Tests/Benchmarks/RoomBench",
      swiftSettings: house),
    .testTarget(name: "HouseRulesTests", swiftSettings: house),
    tests(of: "Primitives"),
    tests(of: "SIP"),
    tests(of: "SDP"),
    tests(of: "RTP"),
    tests(of: "Codecs"),
    tests(of: "Audio"),
    tests(of: "Conference", ["RTP", "Codecs", "Audio", "RoomLoad"]),
    tests(of: "Runtime", ["Conference", "Codecs", "Audio", "RTP"]),
    tests(of: "Application", ["SIP", "SDP", "Conference", "Codecs", "Audio", "Primitives", logging]),
    tests(of: "SIPFront", ["SIP", "Application"]),
    tests(of: "Storage", ["Application", .product(name: "GRDB", package: "GRDB.swift")]),
    tests(
      of: "WebFront",
      [
        "Application", hummingbird, logging, .product(name: "NIOEmbedded", package: "swift-nio"),
        .product(name: "Yams", package: "Yams"),
      ]),
    .testTarget(name: "trialogueTests", dependencies: ["trialogue", "TestSupport"], swiftSettings: house),
    .testTarget(
      name: "Fuzzing",
      dependencies: [
        "Primitives", "SIP", "SDP", "RTP", "Codecs", "Audio", "Conference", "trialogue", "TestSupport",
      ],
      path: "Tests/Fuzzing", swiftSettings: house),
  ],
  swiftLanguageModes: [.v6]
)
