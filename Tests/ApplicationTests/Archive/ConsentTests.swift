import Audio
import Conference
import Logging
import Primitives
import Testing

@testable import Application

/// Who was told that the call is recorded, when and by which prompt, stands in `recording.json`.
@Suite struct ConsentTests {
  /// A room directory whose media plane is played by the test.
  struct Bench {
    let archive: ArchiveTests.Bench
    let directory: RoomDirectory
    let media = QuietMedia()
    var time: CalendarTime { archive.time }

    init(record: Bool) async throws {
      archive = try ArchiveTests.Bench()
      let clip = AudioClip(samples: [Int16](repeating: 0, count: 8_000), sampleRate: 8_000)
      let names = ["recording-notice", "masked", "unmasked", "recording-keys"]
      let clips = Dictionary(uniqueKeysWithValues: names.map { ($0, clip) })
      let room = RoomSettings(
        pattern: NamePattern("3000"), language: "en", greeting: nil, announcesJoining: false, holdMusic: false,
        record: record)
      directory = RoomDirectory(
        settings: DirectorySettings(
          rooms: [room], routes: RouteTable(rooms: [NamePattern("3000")]),
          prompts: PromptLibrary(clips: ["en": clips, "de": clips]), holdMusic: clip,
          tones: RoomTones(joined: clip, left: clip)),
        media: media, archive: archive.archive, hub: EventHub(clock: archive.time), clock: archive.time,
        logger: ArchiveTests.quiet)
    }

    /// A caller in the room up to the end of signalling.
    func call(_ uri: String, language: String? = nil, role: MemberRole = .participant) async throws -> Seat {
      let seat = try await directory.seat(
        NewMember(
          call: uri, user: "3000", destination: .room("3000"), displayName: uri, uri: uri, role: role,
          languages: language.map { [$0] } ?? []))
      await directory.connected(seat.leg)
      return seat
    }

    /// Plays that were asked for, by audience.
    func plays(to audience: PlayAudience) -> [PlayPlan] {
      media.commands.compactMap { command in
        if case .play(let plan) = command.1, plan.audience == audience { plan } else { nil }
      }
    }

    /// The last thing that was played to a member, or to all, ends.
    func finish(_ audience: PlayAudience, _ end: PlayEnd = .finished, in room: RoomID) async throws {
      let play = try #require(plays(to: audience).last)
      await directory.handle(.playEnded(play.id, end), in: room)
    }

    var plan: RecordingPlan? {
      media.commands.reduce(nil) { found, command in
        if case .startRecording(let plan) = command.1 { plan } else { found }
      }
    }

    func entry() async throws -> RecordingDescription {
      await archive.archive.settle()
      let plan = try #require(plan)
      return try #require(archive.disk.description(plan.directory))
    }
  }

  @Test func whoEntersARoomThatRecordsHearsItFirst() async throws {
    let bench = try await Bench(record: true)
    let seat = try await bench.call("sip:a@x", language: "de")
    #expect(bench.plan == nil, "nothing is recorded before the notice has ended")
    bench.time.advance(seconds: 3)
    try await bench.finish(.member(seat.leg), in: seat.room)
    let plan = try #require(bench.plan)
    await bench.directory.handle(.recordingStarted(plan.id), in: seat.room)
    #expect(
      try await bench.entry().notices == [
        RecordingNotice(party: "sip:a@x", prompt: "recording-notice", language: "de", heard: "2026-11-24T12:00:03.000Z")
      ])
  }

  @Test func whoJoinsLaterIsToldTooAndListedWhenItHasHeardItAll() async throws {
    let bench = try await Bench(record: true)
    let first = try await bench.call("sip:a@x")
    try await bench.finish(.member(first.leg), in: first.room)
    await bench.directory.handle(.recordingStarted(try #require(bench.plan).id), in: first.room)
    bench.time.advance(seconds: 60)
    let second = try await bench.call("sip:b@x", language: "de")
    #expect(try await bench.entry().parties == ["sip:a@x"], "who still hears the notice is not in yet")
    bench.time.advance(seconds: 4)
    try await bench.finish(.member(second.leg), in: second.room)
    let entry = try await bench.entry()
    #expect(entry.parties == ["sip:a@x", "sip:b@x"])
    #expect(entry.notices.map(\.party) == ["sip:a@x", "sip:b@x"])
    #expect(entry.notices.last?.heard == "2026-11-24T12:01:04.000Z")
    #expect(entry.notices.last?.language == "de")
  }

  @Test func aRecordingThatBeginsInTheCallIsToldToAll() async throws {
    let bench = try await Bench(record: false)
    let first = try await bench.call("sip:a@x")
    let second = try await bench.call("sip:b@x")
    // Nothing was to be played before they came in.
    while await bench.directory.rooms[first.room]?.inside.count != 2 { await Task.yield() }
    let id = try await bench.directory.record(RecordingRequest(format: "wav"), in: "3000")
    await bench.directory.handle(.recordingStarted(id), in: first.room)
    #expect(try await bench.entry().notices.isEmpty, "asked for is not heard")
    bench.time.advance(seconds: 5)
    try await bench.finish(.everyone, in: first.room)
    let entry = try await bench.entry()
    #expect(entry.notices.map(\.party) == ["sip:a@x", "sip:b@x"])
    #expect(entry.notices.allSatisfy { $0.heard == "2026-11-24T12:00:05.000Z" && $0.prompt == "recording-notice" })
    withExtendedLifetime(second) {}
  }

  @Test func whoWasOnTheWayInWhenItBeganIsToldInside() async throws {
    let bench = try await Bench(record: false)
    let first = try await bench.call("sip:a@x")
    while await bench.directory.rooms[first.room]?.inside.count != 1 { await Task.yield() }
    // Seated, not yet connected.
    let second = try await bench.directory.seat(
      NewMember(call: "b", user: "3000", destination: .room("3000"), displayName: "b", uri: "sip:b@x"))
    let id = try await bench.directory.record(RecordingRequest(format: "wav"), in: "3000")
    await bench.directory.handle(.recordingStarted(id), in: first.room)
    try await bench.finish(.everyone, in: first.room)
    #expect(try await bench.entry().notices.map(\.party) == ["sip:a@x"])
    await bench.directory.connected(second.leg)
    try await bench.finish(.member(second.leg), in: second.room)
    #expect(try await bench.entry().notices.map(\.party) == ["sip:a@x", "sip:b@x"])
  }

  @Test(arguments: [PlayEnd.stopped, .memberLeft, .roomClosed])
  func aNoticeThatWasCutOffWasNotHeard(end: PlayEnd) async throws {
    let bench = try await Bench(record: false)
    let first = try await bench.call("sip:a@x")
    while await bench.directory.rooms[first.room]?.inside.count != 1 { await Task.yield() }
    let id = try await bench.directory.record(RecordingRequest(format: "wav"), in: "3000")
    await bench.directory.handle(.recordingStarted(id), in: first.room)
    try await bench.finish(.everyone, end, in: first.room)
    #expect(try await bench.entry().notices.isEmpty)
  }

  @Test func maskingByKeyIsListedWithItsTimes() async throws {
    let bench = try await Bench(record: true)
    let seat = try await bench.call("sip:a@x")
    try await bench.finish(.member(seat.leg), in: seat.room)
    await bench.directory.handle(.recordingStarted(try #require(bench.plan).id), in: seat.room)
    bench.time.advance(seconds: 2)
    await bench.directory.digit(seat.leg, .pound)
    #expect(bench.media.commands.contains { if case .setMasked(seat.leg, true) = $0.1 { true } else { false } })
    bench.time.advance(seconds: 6)
    await bench.directory.digit(seat.leg, .pound)
    #expect(try await bench.entry().masks == [RecordingMask(party: "sip:a@x", from: 2, to: 8)])
  }

  @Test func whoIsMaskedWhenARecordingBeginsIsListedFromItsStart() async throws {
    let bench = try await Bench(record: false)
    let seat = try await bench.call("sip:a@x")
    while await bench.directory.rooms[seat.room]?.inside.count != 1 { await Task.yield() }
    await bench.directory.digit(seat.leg, .pound)
    bench.time.advance(seconds: 2)
    let id = try await bench.directory.record(RecordingRequest(format: "wav"), in: "3000")
    await bench.directory.handle(.recordingStarted(id), in: seat.room)
    bench.time.advance(seconds: 3)
    await bench.directory.digit(seat.leg, .pound)
    #expect(try await bench.entry().masks == [RecordingMask(party: "sip:a@x", from: 0, to: 3)])
  }

  @Test func aModeratorsKeysStartPauseAndStop() async throws {
    let bench = try await Bench(record: false)
    let seat = try await bench.call("sip:m@x", role: .moderator)
    while await bench.directory.rooms[seat.room]?.inside.count != 1 { await Task.yield() }
    func press(_ digits: DTMFDigit...) async { for digit in digits { await bench.directory.digit(seat.leg, digit) } }
    await press(.five, .one)
    let id = try #require(bench.plan).id
    await bench.directory.handle(.recordingStarted(id), in: seat.room)
    #expect(bench.plays(to: .everyone).count == 1, "the notice")
    await press(.five, .two)
    await bench.directory.handle(.recordingPaused(id, true), in: seat.room)
    #expect(try await bench.entry().state == .paused)
    await press(.five, .two)
    await bench.directory.handle(.recordingPaused(id, false), in: seat.room)
    await press(.five, .one)
    let commands = bench.media.commands.map(\.1)
    #expect(commands.count { if case .pauseRecording(id) = $0 { true } else { false } } == 1)
    #expect(commands.count { if case .resumeRecording(id) = $0 { true } else { false } } == 1)
    #expect(commands.count { if case .stopRecording(id) = $0 { true } else { false } } == 1)
    await bench.directory.handle(.recordingEnded(id, [ArchiveTests.file("mix.wav")]), in: seat.room)
    for closing in await bench.directory.closings.values { await closing.value }
    #expect(try await bench.entry().state == .finished)
    #expect(await bench.directory.rooms[seat.room]?.recording == nil)
  }
}
