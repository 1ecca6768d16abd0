// swift-tools-version: 6.2
import PackageDescription

// What reads and decodes sound, by itself: so little is soon built once more, with the address sanitizer. The folders are links to
// those of the whole package.

let house: [SwiftSetting] = [
  .strictMemorySafety(),
  .enableExperimentalFeature("Lifetimes"),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

func house(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: house)
}

let package = Package(
  name: "trialogue",
  targets: [
    house("Primitives", []),
    house("RTP", ["Primitives"]),
    house("Codecs", ["Primitives", "COpus", "CSpeex", "CAMR"]),
    house("Audio", ["Primitives"]),
    .systemLibrary(name: "COpus", path: "Sources/C/COpus", pkgConfig: "opus"),
    .systemLibrary(name: "CSpeex", path: "Sources/C/CSpeex", pkgConfig: "speex"),
    .systemLibrary(name: "CAMR", path: "Sources/C/CAMR"),
    .target(
      name: "TestSupport", dependencies: ["Primitives"], path: "TestSupport",
      sources: ["Capture.swift", "Fuzzing", "Vectors.swift"], swiftSettings: house),
    .testTarget(
      name: "Fuzzing", dependencies: ["Primitives", "RTP", "Codecs", "Audio", "TestSupport"], path: "Fuzzing",
      sources: ["FuzzReport+Check.swift", "Seeds.swift", "Sound"], swiftSettings: house),
  ],
  swiftLanguageModes: [.v6])
