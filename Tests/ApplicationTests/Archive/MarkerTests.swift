import Application
import Conference
import Testing

/// What is marked in a recording, for who looks for a moment of it.
@Suite struct MarkerTests {
  private func markers(_ bench: ArchiveTests.Bench, _ plan: RecordingPlan) async throws -> [RecordingMarker] {
    try await bench.archive.description(plan.id.rawValue).markers
  }

  @Test func whoComesAndGoesPromptsAndKeys() async throws {
    let bench = try ArchiveTests.Bench()
    let plan = await bench.plan()
    bench.time.advance(seconds: 2)
    await bench.archive.joined(plan.id, leg: LegID(2), party: "sip:b@x", context: [:])
    await bench.archive.marked(plan.id, .prompts(["welcome", "recording-notice"]))
    bench.time.advance(seconds: 1)
    await bench.archive.marked(plan.id, .key(LegID(2)))
    await bench.archive.marked(plan.id, .left(LegID(2)))
    await bench.archive.marked(plan.id, .left(LegID(9)))
    await bench.archive.marked(plan.id, .key(LegID(9)))
    let wanted = [
      RecordingMarker(.joined, at: 0, party: "sip:a@x"), RecordingMarker(.joined, at: 2, party: "sip:b@x"),
      RecordingMarker(.prompt, at: 2, name: "welcome"), RecordingMarker(.prompt, at: 2, name: "recording-notice"),
      RecordingMarker(.key, at: 3, party: "sip:b@x"), RecordingMarker(.left, at: 3, party: "sip:b@x"),
    ]
    #expect(try await markers(bench, plan) == wanted)
    await bench.archive.ended(plan.id, files: [ArchiveTests.file("mix.wav", seconds: 4)])
    #expect(bench.disk.description(plan.directory)?.markers == wanted)
    #expect(try await markers(bench, plan) == wanted)
  }

  @Test func whoSpeaksIsAnIntervalAndShortPausesAreNone() async throws {
    let bench = try ArchiveTests.Bench()
    let plan = await bench.plan()
    func talk(_ isTalking: Bool, for seconds: Double) async {
      await bench.archive.marked(plan.id, .talking(LegID(1), isTalking))
      bench.time.advance(seconds: seconds)
    }
    await talk(true, for: 2)
    await talk(false, for: 0.5)
    await talk(true, for: 1)
    await talk(false, for: 1.5)
    await talk(true, for: 3)
    await bench.archive.ended(plan.id, files: [ArchiveTests.file("mix.wav", seconds: 8)])
    let talks = try await markers(bench, plan).filter { $0.kind == .talking }
    #expect(
      talks == [
        RecordingMarker(.talking, at: 0, to: 3.5, party: "sip:a@x"),
        RecordingMarker(.talking, at: 5, to: 8, party: "sip:a@x"),
      ])
  }

  @Test func whatDoesNotGetIntoTheFilesIsNotMarked() async throws {
    let bench = try ArchiveTests.Bench()
    let plan = await bench.plan()
    await bench.archive.marked(plan.id, .talking(LegID(1), true))
    bench.time.advance(seconds: 2)
    await bench.archive.masked(plan.id, party: "sip:a@x", true)
    await bench.archive.marked(plan.id, .key(LegID(1)))
    bench.time.advance(seconds: 2)
    await bench.archive.masked(plan.id, party: "sip:a@x", false)
    bench.time.advance(seconds: 2)
    await bench.archive.paused(plan.id, true)
    bench.time.advance(seconds: 2)
    await bench.archive.paused(plan.id, false)
    bench.time.advance(seconds: 2)
    await bench.archive.ended(plan.id, files: [ArchiveTests.file("mix.wav", seconds: 10)])
    let found = try await markers(bench, plan).filter { $0.kind != .joined }
    #expect(found.map(\.kind) == [.talking, .talking, .talking])
    #expect(found.map(\.at) == [0, 4, 8] && found.map(\.to) == [2, 6, 10])
  }

  @Test func aMomentThatSomebodyMarksIsWrittenAtOnce() async throws {
    let bench = try ArchiveTests.Bench()
    let plan = await bench.plan()
    bench.time.advance(seconds: 2)
    await bench.archive.marked(plan.id, .note("complaint"))
    bench.time.advance(seconds: 1)
    await bench.archive.marked(plan.id, .note(""))
    await bench.archive.settle()
    let wanted = [RecordingMarker(.mark, at: 2, name: "complaint"), RecordingMarker(.mark, at: 3)]
    #expect(bench.disk.description(plan.directory)?.markers.filter { $0.kind == .mark } == wanted)
  }

  @Test func theyAreBoundedAndDoNotWriteEachTime() async throws {
    let bench = try ArchiveTests.Bench()
    let plan = await bench.plan()
    await bench.archive.started(plan.id)
    await bench.archive.settle()
    for _ in 0..<20_000 { await bench.archive.marked(plan.id, .key(LegID(1))) }
    await bench.archive.settle()
    #expect(bench.disk.writes == 1)
    #expect(try await markers(bench, plan).count == 10_000)
    bench.time.advance(seconds: 11)
    await bench.archive.marked(plan.id, .key(LegID(1)))
    #expect(await bench.entry(plan)?.markers.count == 10_000)
    #expect(bench.disk.writes == 2, "a crash forgets some seconds of them")
  }
}
