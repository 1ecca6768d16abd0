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
let nioEmbedded: Target.Dependency = .product(name: "NIOEmbedded", package: "swift-nio")
let nioHTTP: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioWebSocket: Target.Dependency = .product(name: "NIOWebSocket", package: "swift-nio")
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let certificates: Target.Dependency = .product(name: "X509", package: "swift-certificates")
let asn1: Target.Dependency = .product(name: "SwiftASN1", package: "swift-asn1")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore: Target.Dependency = .product(name: "HummingbirdCore", package: "hummingbird")

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
  traits: [
    .trait(
      name: "G729",
      description: "G.729 by libbcg729, whose licence is the GPL: so is then that of the whole program.")
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-asn1", from: "1.7.0"),
    .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
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
    house("ICE", ["Primitives", crypto]),
    house("SecureRTP", ["Primitives", "COpenSSL"]),
    house("RTP", ["Primitives"]),
    house(
      "Codecs",
      [
        "Primitives", "COpus", "CSpeex", "CAMR",
        .target(name: "CBCG729", condition: .when(traits: ["G729"])),
      ]),
    house("Audio", ["Primitives"]),
    // Floor 2
    house("Conference", ["Primitives", "ICE", "SecureRTP", "RTP", "Codecs", "Audio"]),
    // Floor 3
    house(
      "Runtime",
      ["Primitives", "ICE", "SecureRTP", "RTP", "Codecs", "Audio", "Conference", "CLinux", crypto, logging]),
    // Floor 4
    house(
      "Application",
      ["Primitives", "SIP", "SDP", "ICE", "SecureRTP", "RTP", "Codecs", "Audio", "Conference", crypto, logging]),
    // Floor 5
    house(
      "SIPFront",
      [
        "Primitives", "SIP", "Application", nio, nioPosix, nioHTTP, nioWebSocket, nioSSL, logging,
      ]),
    house("Storage", ["Primitives", "Application", .product(name: "GRDB", package: "GRDB.swift")]),
    house("Monitoring", ["Primitives", "Application", "Conference", hummingbird, logging]),
    house(
      "WebFront",
      [
        "Primitives", "SIP", "Application", "Conference", "SIPFront", hummingbird, hummingbirdCore, nio, nioHTTP,
        nioPosix, nioWebSocket, nioSSL,
        logging,
      ]),
    // Floor 6
    .executableTarget(
      name: "trialogue",
      dependencies: [
        "Primitives", "SIP", "SDP", "ICE", "SecureRTP", "RTP", "Codecs", "Audio", "Conference", "Runtime",
        "Application", "SIPFront", "Storage", "Monitoring", "WebFront", asn1, certificates, crypto, hummingbird,
        hummingbirdCore, nio, nioHTTP, nioPosix, nioWebSocket, logging,
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Yams", package: "Yams"),
      ],
      swiftSettings: house),
    // C
    .systemLibrary(
      name: "COpus", path: "Sources/C/COpus", pkgConfig: "opus", providers: [.apt(["libopus-dev"])]),
    .systemLibrary(
      name: "CSpeex", path: "Sources/C/CSpeex", pkgConfig: "speex", providers: [.apt(["libspeex-dev"])]),
    .systemLibrary(
      name: "CAMR", path: "Sources/C/CAMR",
      providers: [.apt(["libopencore-amrnb-dev", "libopencore-amrwb-dev", "libvo-amrwbenc-dev"])]),
    .systemLibrary(name: "CBCG729", path: "Sources/C/CBCG729", providers: [.apt(["libbcg729-dev"])]),
    .systemLibrary(
      name: "COpenSSL", path: "Sources/C/COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
    .target(name: "CLinux", path: "Sources/C/CLinux"),
    // Tests
    .target(
      name: "TestSupport", dependencies: ["Primitives", asn1, certificates, crypto], path: "Tests/TestSupport",
      swiftSettings: house),
    .systemLibrary(name: "CGSM", path: "Tests/C/CGSM", providers: [.apt(["libgsm1-dev"])]),
    .target(
      name: "CVPX", path: "Tests/C/CVPX", linkerSettings: [.linkedLibrary("vpx")]),
    .target(name: "CAllocations", path: "Tests/C/CAllocations"),
    .target(name: "CVirtualTime", path: "Tests/C/CVirtualTime"),
    .target(
      name: "RoomLoad",
      dependencies: ["Primitives", "RTP", "SecureRTP", "Codecs", "Conference", "CAllocations"],
      path: "Tests/Benchmarks/RoomLoad", swiftSettings: house),
    .executableTarget(
      name: "RoomBench", dependencies: ["RoomLoad", "SecureRTP", "Codecs"], path: "Tests/Benchmarks/RoomBench",
      swiftSettings: house),
    .testTarget(name: "HouseRulesTests", swiftSettings: house),
    tests(of: "Primitives"),
    tests(of: "SIP"),
    tests(of: "SDP"),
    tests(of: "ICE"),
    tests(of: "SecureRTP", ["Primitives", "CAllocations", "CVirtualTime"]),
    tests(of: "RTP"),
    tests(of: "Codecs", ["CGSM"]),
    tests(of: "Audio"),
    tests(
      of: "Conference",
      ["ICE", "SecureRTP", "RTP", "Codecs", "Audio", "RoomLoad", "CAllocations", "CVPX", "CVirtualTime"]),
    tests(of: "Runtime", ["ICE", "SecureRTP", "Conference", "Codecs", "Audio", "RTP"]),
    tests(of: "Application", ["SIP", "SDP", "Conference", "Codecs", "Audio", "Primitives", crypto, logging]),
    tests(of: "SIPFront", ["SIP", "Application", nio, nioPosix, nioSSL, nioWebSocket]),
    tests(of: "Storage", ["Application", .product(name: "GRDB", package: "GRDB.swift")]),
    tests(
      of: "WebFront",
      [
        "Application", "Primitives", hummingbird, logging, nioHTTP, nioPosix, nioSSL, nioEmbedded,
        .product(name: "Yams", package: "Yams"),
      ]),
    .testTarget(
      name: "trialogueTests", dependencies: ["trialogue", "Codecs", "TestSupport", asn1, certificates, logging],
      swiftSettings: house),
    .testTarget(
      name: "Fuzzing",
      dependencies: [
        "Primitives", "SIP", "SDP", "ICE", "SecureRTP", "RTP", "Codecs", "Audio", "Conference", "Application",
        "SIPFront", "WebFront", "trialogue", "TestSupport", nio, nioEmbedded, nioWebSocket,
      ],
      path: "Tests/Fuzzing", swiftSettings: house),
  ],
  swiftLanguageModes: [.v6]
)
