import Application
import Storage
import Testing

@Suite struct RecordingIndexTests {
  @Test func whatIsSavedIsFoundById() async throws {
    let index = try Samples.index()
    try await index.save(Samples.recording("a"), directory: "2026/01/01/a")
    #expect(try await index.recording("a")?.directory == "2026/01/01/a")
    #expect(try await index.recording("c") == nil)
    #expect(try await index.identifiers() == ["a"])
  }

  @Test func savingAgainReplacesWhatItWasFoundBy() async throws {
    let index = try Samples.index()
    var entry = Samples.recording("a", context: ["order": "1"])
    entry.tags = ["old"]
    try await index.save(entry, directory: "x")
    entry.state = .recovered
    entry.context = ["order": "2"]
    entry.tags = ["new"]
    entry.parties = ["sip:b@example.com"]
    try await index.save(entry, directory: "x")
    #expect(try await index.recordings(RecordingQuery()).items == [entry])
    for gone in [
      RecordingQuery(contextKey: "order", contextValue: "1"), RecordingQuery(tag: "old"), RecordingQuery(text: "old"),
      RecordingQuery(agent: "a"),
    ] {
      #expect(try await index.recordings(gone).items.isEmpty, "\(gone)")
    }
    #expect(try await index.recordings(RecordingQuery(agent: "b", tag: "new", text: "new")).items == [entry])
  }

  @Test func whatIsSealedAndNotCopiedYetIsToBeCopied() async throws {
    let index = try Samples.index()
    for (minute, id) in ["a", "b", "c", "d"].enumerated() {
      var entry = Samples.recording(id, minute: minute)
      if id != "c" { entry.seal = RecordingSeal(number: minute + 1, previous: "p", facts: "f", hash: "h") }
      if id == "d" { entry.state = .recording }
      try await index.save(entry, directory: id)
    }
    #expect(try await index.awaitingUpload(limit: 10).map(\.directory) == ["a", "b"])
    #expect(try await index.awaitingUpload(limit: 1).map(\.directory) == ["a"])
    try await index.noteUploaded("a")
    #expect(try await index.awaitingUpload(limit: 10).map(\.directory) == ["b"])
    // What is said of it later does not send it again.
    var entry = try #require(try await index.recording("a")).recording
    entry.tags = ["late"]
    try await index.save(entry, directory: "a")
    #expect(try await index.awaitingUpload(limit: 10).map(\.directory) == ["b"])
    // What was mended and sealed anew is another recording.
    entry.seal = RecordingSeal(number: 9, previous: "h", facts: "g", hash: "i")
    try await index.save(entry, directory: "a")
    #expect(try await index.awaitingUpload(limit: 10).map(\.directory) == ["a", "b"])
  }

  @Test func anotherStartMovesItToItsPlaceInTheList() async throws {
    let index = try Samples.index()
    try await index.save(Samples.recording("a", minute: 5), directory: "a")
    try await index.save(Samples.recording("b", minute: 6), directory: "b")
    try await index.save(Samples.recording("a", minute: 7), directory: "a")
    #expect(try await index.recordings(RecordingQuery()).items.map(\.id) == ["a", "b"])
  }

  @Test func aBatchIsWrittenWholeOrNotAtAll() async throws {
    let index = try Samples.index()
    var broken = Samples.recording("b")
    broken.duration = .nan
    await #expect(throws: (any Error).self) {
      try await index.save([
        StoredRecording(recording: Samples.recording("a"), directory: "a"),
        StoredRecording(recording: broken, directory: "b"),
      ])
    }
    #expect(try await index.identifiers().isEmpty)
  }

  @Test func whatIsDeletedIsGone() async throws {
    let index = try Samples.index()
    try await index.save(Samples.recording("a", context: ["order": "1"]), directory: "d")
    try await index.save(Samples.recording("b", context: ["order": "1"]), directory: "d")
    try await index.delete("a")
    try await index.delete("a")
    for query in [RecordingQuery(), RecordingQuery(contextKey: "order"), RecordingQuery(text: "1")] {
      #expect(try await index.recordings(query).items.map(\.id) == ["b"])
    }
    #expect(try await index.recording("a") == nil)
  }

  @Test func thousandsThatBeganInOneMomentAreAllKept() async throws {
    let index = try Samples.index()
    let entries = (0..<4_100).map { number in
      StoredRecording(recording: Samples.recording("r\(number)"), directory: "d")
    }
    try await index.save(entries)
    #expect(try await index.identifiers().count == entries.count)
  }
}
