import Application
import Conference
import Testing

/// After a start the index says what the disk holds.
@Suite struct ReconciliationTests {
  static func description(_ id: String, _ state: RecordingState) -> RecordingDescription {
    var description = RecordingDescription(
      id: id, room: "3000", state: state, started: "2026-11-24T12:00:00.000Z", duration: 0, files: [],
      parties: ["sip:a@x"], pauses: [], context: ["order": "4711"])
    if state == .finished {
      description.duration = 60
      description.files = [RecordingFileDescription(name: "mix.wav", octets: 1, sha256: "x", duration: 60)]
    }
    return description
  }

  static let mix = ArchiveTests.file("mix.wav", seconds: 30)

  @Test func whatSaysRecordingForEverIsSettled() async throws {
    let bench = try ArchiveTests.Bench()
    var paused = Self.description("b", .paused)
    paused.pauses = [RecordingInterval(from: 20)]
    paused.masks = [RecordingMask(party: "sip:a@x", from: 35)]
    for (entry, directory) in [(Self.description("a", .recording), "2026/11/24/a"), (paused, "2026/11/24/b")] {
      try bench.disk.put(entry, in: directory)
      await bench.store.put(StoredRecording(recording: entry, directory: directory))
    }
    await bench.archive.reconcile { _ in [Self.mix] }
    for id in ["a", "b"] {
      let entry = try #require(await bench.store.entries[id]?.recording)
      #expect(entry.state == .recovered)
      #expect(entry.duration == 30)
      #expect(entry.files.map(\.name) == ["mix.wav"])
      #expect(entry.context == ["order": "4711"], "what recording.json knew is kept")
      #expect(bench.disk.description("2026/11/24/" + id) == entry)
    }
    #expect(await bench.store.entries["b"]?.recording.pauses == [RecordingInterval(from: 20, to: 30)])
    #expect(await bench.store.entries["b"]?.recording.masks.first?.to == 35)
  }

  @Test func ofWhichNothingIsLeftItIsSaid() async throws {
    let bench = try ArchiveTests.Bench()
    await bench.store.put(StoredRecording(recording: Self.description("a", .recording), directory: "2026/11/24/a"))
    await bench.archive.reconcile { _ in [] }
    #expect(await bench.store.entries["a"]?.recording.state == .failed)
  }

  @Test func aRowThatIsOlderThanItsFileFollowsIt() async throws {
    let bench = try ArchiveTests.Bench()
    try bench.disk.put(Self.description("a", .finished), in: "2026/11/24/a")
    await bench.store.put(StoredRecording(recording: Self.description("a", .recording), directory: "2026/11/24/a"))
    await bench.archive.reconcile { _ in
      Issue.record("a finished recording is not searched")
      return []
    }
    var entry = try #require(await bench.store.entries["a"]?.recording)
    #expect(entry.seal?.number == 1, "what was closed before there was a chain gets its place now")
    entry.seal = nil
    #expect(entry == Self.description("a", .finished))
  }

  @Test func theIndexIsRebuiltFromTheFilesAlone() async throws {
    let bench = try ArchiveTests.Bench()
    try bench.disk.put(Self.description("a", .finished), in: "2026/11/24/a")
    try bench.disk.put(Self.description("b", .recording), in: "2026/11/25/b")
    try bench.disk.makeDirectory("2026/11/26/c")
    try bench.disk.makeDirectory("2026/11/26/empty")
    try bench.disk.makeDirectory("lost+found/11/24/x")
    await bench.archive.reconcile { $0.hasSuffix("empty") ? [] : [Self.mix] }
    let entries = await bench.store.entries
    #expect(entries.keys.sorted() == ["a", "b", "c"])
    #expect(entries["a"]?.recording.state == .finished)
    #expect(entries["b"]?.recording.state == .recovered)
    // Without recording.json the directory tells id and day.
    #expect(entries["c"]?.recording.state == .recovered)
    #expect(entries["c"]?.recording.started == "2026-11-26T00:00:00.000Z")
    #expect(entries["c"]?.recording.files.map(\.name) == ["mix.wav"])
    #expect(entries.mapValues(\.directory) == ["a": "2026/11/24/a", "b": "2026/11/25/b", "c": "2026/11/26/c"])
  }

  @Test func aRepairedRecordingKeepsWhatWasKnown() async throws {
    let bench = try ArchiveTests.Bench()
    try bench.disk.put(Self.description("a", .recording), in: "2026/11/24/a")
    await bench.archive.recovered(directory: "2026/11/24/a", files: [Self.mix])
    let entry = try #require(await bench.store.entries["a"]?.recording)
    #expect(entry.state == .recovered)
    #expect(entry.parties == ["sip:a@x"])
    #expect(entry.duration == 30)
  }
}
