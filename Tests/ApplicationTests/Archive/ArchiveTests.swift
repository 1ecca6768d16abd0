import Application
import Codecs
import Conference
import Logging
import Primitives
import Synchronization
import Testing

@Suite struct ArchiveTests {
  static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

  struct Bench {
    let disk: ScratchDisk
    let store: MemoryStore
    let time = CalendarTime()
    let archive: Archive

    init(_ store: MemoryStore = MemoryStore(), retryAfter: Duration = .seconds(3_600)) throws {
      disk = try ScratchDisk()
      self.store = store
      archive = Archive(
        root: disk.root, store: store, disk: disk, clock: time, logger: ArchiveTests.quiet, retryAfter: retryAfter)
    }

    func plan(tracks: Bool = false, _ parties: [(leg: LegID, uri: String)] = [(LegID(1), "sip:a@x")]) async
      -> RecordingPlan
    {
      await archive.plan(
        room: "3000", format: .wav, tracks: tracks, sampleRate: 16_000, parties: parties, context: ["order": "4711"])
    }

    func entry(_ plan: RecordingPlan) async -> RecordingDescription? {
      await archive.settle()
      return disk.description(plan.directory)
    }
  }

  static func file(_ name: String, leg: LegID? = nil, seconds: Int64 = 60, dropped: Int64 = 0) -> RecordedFile {
    RecordedFile(
      name: name, leg: leg, samples: seconds * 16_000, sampleRate: 16_000, octets: 80 + seconds * 32_000,
      sha256: "\(name)-sum", droppedOctets: dropped)
  }

  @Test func anEntryTellsWhoWhenWhatAndHowWell() async throws {
    let bench = try Bench()
    let plan = await bench.plan(tracks: true)
    #expect(plan.directory == "2026/11/24/" + plan.id.rawValue)
    await bench.archive.started(plan.id)
    #expect(try #require(await bench.entry(plan)).state == .recording)
    bench.time.advance(seconds: 10)
    await bench.archive.joined(plan.id, leg: LegID(2), party: "sip:b@x", context: ["order": "other", "agent": "b"])
    #expect(await bench.entry(plan)?.parties == ["sip:a@x", "sip:b@x"], "a crash must not forget who came later")
    var statistics = LegStatistics(leg: LegID(2))
    statistics.codec = .pcmu
    statistics.packetsReceived = 500
    statistics.packetsLost = 3
    statistics.jitter = 1.5
    await bench.archive.measured(statistics)
    await bench.archive.measured(LegStatistics(leg: LegID(99)))
    bench.time.advance(seconds: 50)
    await bench.archive.ended(
      plan.id,
      files: [Self.file("mix.wav", dropped: 640), Self.file("1.wav", leg: LegID(1)), Self.file("2.wav", leg: LegID(2))])
    let entry = try #require(bench.disk.description(plan.directory))
    #expect(entry.state == .finished)
    #expect(entry.started == "2026-11-24T12:00:00.000Z")
    #expect(entry.ended == "2026-11-24T12:01:00.000Z")
    #expect(entry.duration == 60)
    #expect(entry.context == ["order": "4711", "agent": "b"])
    #expect(entry.tracks == ["1": "sip:a@x", "2": "sip:b@x"])
    #expect(entry.files.map(\.name) == ["mix.wav", "1.wav", "2.wav"])
    #expect(entry.files.map(\.sha256) == ["mix.wav-sum", "1.wav-sum", "2.wav-sum"])
    #expect(entry.files.map(\.droppedOctets) == [640, 0, 0])
    #expect(entry.quality.map(\.party) == ["sip:b@x"])
    #expect(entry.quality.first?.packetsLost == 3)
    #expect(await bench.store.entries[plan.id.rawValue]?.recording == entry)
  }

  @Test func pausesAndMasksAreIntervalsOnTheRecordingsClock() async throws {
    let bench = try Bench()
    let plan = await bench.plan()
    await bench.archive.started(plan.id)
    bench.time.advance(seconds: 2)
    await bench.archive.masked(plan.id, party: "sip:a@x", true)
    await bench.archive.masked(plan.id, party: "sip:a@x", true)
    bench.time.advance(seconds: 1.5)
    await bench.archive.masked(plan.id, party: "sip:a@x", false)
    await bench.archive.masked(plan.id, party: "sip:b@x", false)
    bench.time.advance(seconds: 1)
    await bench.archive.paused(plan.id, true)
    await bench.archive.paused(plan.id, true)
    #expect(await bench.entry(plan)?.state == .paused)
    bench.time.advance(seconds: 3)
    await bench.archive.paused(plan.id, false)
    bench.time.advance(seconds: 1)
    await bench.archive.masked(plan.id, party: "sip:b@x", true)
    await bench.archive.paused(plan.id, true)
    await bench.archive.ended(plan.id, files: [Self.file("mix.wav", seconds: 10)])
    let entry = try #require(bench.disk.description(plan.directory))
    #expect(
      entry.masks == [
        RecordingMask(party: "sip:a@x", from: 2, to: 3.5), RecordingMask(party: "sip:b@x", from: 8.5, to: 10),
      ])
    #expect(entry.pauses == [RecordingInterval(from: 4.5, to: 7.5), RecordingInterval(from: 8.5, to: 10)])
  }

  @Test func theFileIsThereBeforeTheRow() async throws {
    let seen = Mutex<[Bool]>([])
    let disk = Mutex<ScratchDisk?>(nil)
    let bench = try Bench(
      MemoryStore { entry in
        let onDisk = disk.withLock { $0 }?.description(entry.directory)
        seen.withLock { $0.append(onDisk == entry.recording) }
      })
    disk.withLock { $0 = bench.disk }
    let plan = await bench.plan()
    await bench.archive.started(plan.id)
    await bench.archive.settle()
    await bench.archive.ended(plan.id, files: [Self.file("mix.wav")])
    #expect(seen.withLock { $0 } == [true, true])
    disk.withLock { $0 = nil }
  }

  @Test func nobodyWaitsForADiskThatHangs() async throws {
    let bench = try Bench()
    bench.disk.hold()
    let plan = await bench.plan()
    await bench.archive.started(plan.id)
    for number in 0..<100 {
      await bench.archive.joined(plan.id, leg: LegID(UInt64(number) + 10), party: "sip:p\(number)@x", context: [:])
    }
    #expect(try await bench.archive.description(plan.id.rawValue).parties.count == 101)
    bench.disk.release()
    #expect(await bench.entry(plan)?.parties.count == 101)
    #expect(bench.disk.writes <= 3, "what changes meanwhile is written once")
  }

  @Test func whatAFullDiskRefusesIsTriedAgain() async throws {
    let bench = try Bench(retryAfter: .milliseconds(1))
    let plan = await bench.plan()
    bench.disk.fill(true)
    await bench.archive.ended(plan.id, files: [Self.file("mix.wav")])
    #expect(bench.disk.description(plan.directory) == nil)
    #expect(await bench.store.entries.isEmpty, "no row without its file")
    #expect(try await bench.archive.description(plan.id.rawValue).state == .finished)
    bench.disk.fill(false)
    while await bench.store.entries.isEmpty { await Task.yield() }
    #expect(bench.disk.description(plan.directory)?.state == .finished)
  }

  @Test func anIndexThatRefusesGetsItsRowLater() async throws {
    let bench = try Bench(retryAfter: .milliseconds(1))
    let plan = await bench.plan()
    await bench.store.refuse(true)
    await bench.archive.ended(plan.id, files: [Self.file("mix.wav")])
    #expect(bench.disk.description(plan.directory)?.state == .finished)
    await bench.store.refuse(false)
    while await bench.store.entries.isEmpty { await Task.yield() }
    #expect(await bench.store.entries[plan.id.rawValue]?.recording.state == .finished)
  }

  @Test func withoutItsMixARecordingHasFailed() async throws {
    let bench = try Bench()
    let plan = await bench.plan()
    await bench.archive.ended(plan.id, files: [Self.file("1.wav", leg: LegID(1))])
    #expect(bench.disk.description(plan.directory)?.state == .failed)
  }

  @Test func onlyKnownFilesHaveAPath() async throws {
    let bench = try Bench()
    let plan = await bench.plan()
    await bench.archive.ended(plan.id, files: [Self.file("mix.wav")])
    let id = plan.id.rawValue
    for name in ["mix.wav", "peaks.json", "recording.json"] {
      guard case .plain(let path) = try await bench.archive.content(id, file: name) else {
        Issue.record("\(name) is not sealed")
        continue
      }
      #expect(path == "\(bench.disk.root)/\(plan.directory)/\(name)")
    }
    for name in ["../\(id)/mix.wav", "mix.wav.part", "/etc/passwd", ""] {
      await #expect(throws: ControlError.self) { _ = try await bench.archive.content(id, file: name) }
    }
  }

  @Test func aLegThatEndsAfterItsRecordingIsMeasuredAllTheSame() async throws {
    let bench = try Bench()
    let plan = await bench.plan([(LegID(1), "sip:a@x"), (LegID(2), "sip:b@x")])
    await bench.archive.measured(LegStatistics(leg: LegID(2)))
    await bench.archive.ended(plan.id, files: [Self.file("mix.wav")])
    await bench.archive.measured(LegStatistics(leg: LegID(1)))
    await bench.archive.measured(LegStatistics(leg: LegID(1)))
    let entry = try #require(await bench.entry(plan))
    #expect(entry.quality.map(\.party) == ["sip:b@x", "sip:a@x"])
    #expect(entry.state == .finished && entry.files.count == 1)
  }

  @Test func nothingBringsADeletedRecordingBack() async throws {
    let bench = try Bench()
    let plan = await bench.plan()
    await bench.archive.ended(plan.id, files: [Self.file("mix.wav")])
    try await bench.archive.delete(plan.id.rawValue, by: "test")
    await bench.archive.measured(LegStatistics(leg: LegID(1)))
    #expect(await bench.entry(plan) == nil)
    #expect(await bench.store.entries.isEmpty)
    await #expect(throws: ControlError.self) { try await bench.archive.description(plan.id.rawValue) }
  }
}
