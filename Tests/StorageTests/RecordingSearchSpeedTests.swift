import Application
import Storage
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// How long searches take among many entries: printed, and only held against what no machine may need.
///
/// `ARCHIVE_ENTRIES=100000` is the size that an archive is measured at.
@Suite struct RecordingSearchSpeedTests {
  private static let count = ProcessInfo.processInfo.environment["ARCHIVE_ENTRIES"].flatMap { Int($0) } ?? 3_000

  private static func entry(_ number: Int) -> StoredRecording {
    // 40 rooms, 200 agents, a customer in 10 calls, an order in one; every one from the shop.
    var recording = Samples.recording(
      "\(UUID())", room: "30\(10 + number % 40)", minute: number % 44_000, duration: Double(number % 3_600) / 2,
      parties: [
        "sip:+49301\(1_000_000 + number * 7 % 900_000)@gateway.example", "sip:agent\(number % 200)@example.com",
      ],
      context: [
        "order": "\(100_000 + number)", "customer": "customer\(number / 10)", "shop": "jeans",
        "agent": "agent\(number % 200)",
      ])
    if number % 500 == 0 { recording.tags = ["complaint"] }
    return StoredRecording(recording: recording, directory: "2026/01/01/\(recording.id)")
  }

  @Test func searchesAnswerAtOnce() async throws {
    let index = try Samples.index()
    for start in stride(from: 0, to: Self.count, by: 5_000) {
      try await index.save((start..<min(start + 5_000, Self.count)).map(Self.entry))
    }
    let some = Self.count / 2
    let order = "\(100_000 + some)"
    let queries: [(String, RecordingQuery, isFound: Bool)] = [
      ("newest", RecordingQuery(), true),
      ("a room", RecordingQuery(room: "3017"), true),
      ("a day", RecordingQuery(from: "2026-01-02T00:00:00.000Z", to: "2026-01-03T00:00:00.000Z"), true),
      ("an order", RecordingQuery(context: ["order": order]), true),
      ("no such order", RecordingQuery(context: ["order": "1"]), false),
      ("a number by its end", RecordingQuery(number: "\(1_000_000 + some * 7 % 900_000)"), true),
      ("a number by one digit", RecordingQuery(number: "7"), true),
      ("an agent", RecordingQuery(agent: "agent17"), true),
      ("a key that all have", RecordingQuery(contextKey: "shop", contextValue: "jeans"), true),
      ("a key that all have, in one room", RecordingQuery(room: "3017", contextKey: "shop"), true),
      ("an agent with a word that all have", RecordingQuery(agent: "agent17", text: "jeans"), true),
      ("a tag", RecordingQuery(tag: "complaint"), true),
      ("a word that all have", RecordingQuery(text: "jeans"), true),
      ("a word that one has", RecordingQuery(text: order), true),
      ("one letter", RecordingQuery(text: "c"), true),
      ("four digits", RecordingQuery(text: String(order.prefix(4))), true),
      ("two words", RecordingQuery(text: "customer jeans"), true),
      ("over 29 minutes", RecordingQuery(minimumDuration: 1_740), Self.count > 3_480),
      ("longest", RecordingQuery(order: .longest), true),
      ("longest with a word that all have", RecordingQuery(text: "jeans", order: .longest), true),
      ("longest in a room", RecordingQuery(room: "3017", order: .longest), true),
      ("nothing fits all", RecordingQuery(contextKey: "shop", contextValue: "jeans", minimumDuration: 1e9), false),
    ]
    print("\(Self.count) entries")
    for (name, query, isFound) in queries {
      var best = Duration.seconds(3_600)
      for _ in 0..<5 {
        let start = ContinuousClock.now
        let page = try await index.recordings(query)
        best = min(best, ContinuousClock.now - start)
        #expect(page.items.isEmpty != isFound, "\(name)")
      }
      print("  \(name): \(Double(best.components.attoseconds / 1_000_000_000_000) / 1_000) ms")
      #expect(best < .seconds(2), "\(name)")
    }
  }
}
