import Application
import Conference
import Testing

/// Tags, legal hold, retention and deletion.
@Suite struct AnnotationTests {
  @Test func tagsAndHoldAreKeptOnDiskAndInTheIndex() async throws {
    let archive = try await SealedArchive(1)
    let changed = try await archive.bench.archive.annotate(
      archive.id(0), RecordingAnnotation(tags: ["b", "a", "b"], legalHold: true), by: "test")
    #expect(changed.tags == ["a", "b"] && changed.legalHold)
    let entry = try #require(archive.bench.disk.description(archive.plans[0].directory))
    #expect(entry.tags == ["a", "b"] && entry.legalHold && entry.markers.count == 1)
    #expect(await archive.bench.store.entries[archive.id(0)]?.recording.tags == ["a", "b"])
    let again = try await archive.bench.archive.annotate(archive.id(0), RecordingAnnotation(tags: []), by: "test")
    #expect(again.tags.isEmpty && again.legalHold)
    // What is told of its legs later changes none of it.
    await archive.bench.archive.measured(LegStatistics(leg: LegID(1)))
    await archive.bench.archive.settle()
    #expect(archive.bench.disk.description(archive.plans[0].directory)?.legalHold == true)
  }

  @Test func aRecordingThatIsBeingMadeIsTaggedAndHeldToo() async throws {
    let bench = try ArchiveTests.Bench()
    let plan = await bench.plan()
    let changed = try await bench.archive.annotate(
      plan.id.rawValue, RecordingAnnotation(tags: ["a"], legalHold: true), by: "test")
    #expect(changed.tags == ["a"] && changed.state == .recording)
    await bench.archive.ended(plan.id, files: [ArchiveTests.file("mix.wav")])
    let entry = try #require(await bench.entry(plan))
    #expect(entry.tags == ["a"] && entry.legalHold && entry.seal?.number == 2)
  }

  @Test(arguments: [
    [""], ["a\nb"], ["\u{7F}"], [String(repeating: "x", count: 65)], Array(repeating: "x", count: 33),
  ])
  func tagsThatAreNoneAreRefused(_ tags: [String]) async throws {
    let archive = try await SealedArchive(1)
    await #expect {
      try await archive.bench.archive.annotate(archive.id(0), RecordingAnnotation(tags: tags), by: "test")
    } throws: {
      ($0 as? ControlError)?.field == "tags"
    }
    let long = RecordingAnnotation(legalHold: true, reason: String(repeating: "x", count: 256))
    await #expect(throws: ControlError.self) {
      try await archive.bench.archive.annotate(archive.id(0), long, by: "test")
    }
    await #expect(throws: ControlError.self) {
      try await archive.bench.archive.annotate("nobody", RecordingAnnotation(tags: ["a"]), by: "test")
    }
  }

  @Test func whatIsHeldIsNotDeletedUntilItIsReleased() async throws {
    let archive = try await SealedArchive(1)
    let id = archive.id(0)
    _ = try await archive.bench.archive.annotate(id, RecordingAnnotation(legalHold: true), by: "a")
    await #expect {
      try await archive.bench.archive.delete(id, by: "b")
    } throws: {
      ($0 as? ControlError)?.kind == .conflict
    }
    // Said twice, it is one line.
    _ = try await archive.bench.archive.annotate(id, RecordingAnnotation(legalHold: true), by: "a")
    _ = try await archive.bench.archive.annotate(id, RecordingAnnotation(legalHold: false, reason: "over"), by: "c")
    try await archive.bench.archive.delete(id, by: "b", reason: "old")
    let lines = try archive.lines
    #expect(lines.count == 4)
    for (line, words) in zip(
      lines, [["closed"], ["held", "\"a\""], ["released", "\"c\"", "over"], ["deleted", "\"b\"", "old"]])
    {
      #expect(words.allSatisfy(line.contains), "\(line)")
    }
  }

  @Test func eachRoomKeepsItsRecordingsAsLongAsItsRuleSays() async throws {
    let bench = try ArchiveTests.Bench()
    for (id, room, started, isHeld) in [
      ("old", "3000", "2026-11-20T12:00:00.000Z", false), ("held", "3000", "2026-11-20T12:00:00.000Z", true),
      ("young", "3000", "2026-11-22T12:00:00.001Z", false), ("other", "support", "2026-01-01T00:00:00.000Z", false),
      ("flow", "shop", "2026-01-01T00:00:00.000Z", false),
    ] {
      var entry = ReconciliationTests.description(id, .finished)
      entry.room = room
      entry.started = started
      entry.legalHold = isHeld
      try bench.disk.put(entry, in: "2026/11/24/\(id)")
      await bench.store.put(StoredRecording(recording: entry, directory: "2026/11/24/\(id)"))
    }
    #expect(await bench.archive.sweep() == 0, "without a rule everything is kept")
    await bench.archive.reload(
      RetentionPolicy(
        rules: [
          RetentionPolicy.Rule(pattern: NamePattern("3000-3009"), days: 2),
          RetentionPolicy.Rule(pattern: NamePattern("support"), days: nil),
        ], days: 300))
    #expect(await bench.archive.sweep() == 2)
    #expect(await bench.store.entries.keys.sorted() == ["held", "other", "young"])
    #expect(bench.disk.description("2026/11/24/old") == nil && bench.disk.description("2026/11/24/held") != nil)
    #expect(await bench.archive.sweep() == 0)
  }
}
