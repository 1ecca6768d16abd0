import Audio
import Conference
import Primitives
import Testing

@testable import Application

/// Rooms with business hours: who calls when they are closed is told so and does not come in.
@Suite struct ClosedRoomTests {
  private struct Bench {
    let directory: RoomDirectory
    let media = QuietMedia()
    let time = CalendarTime()

    /// On 24 November 2026, a Tuesday, from one o'clock in the afternoon on. It is noon.
    init() throws {
      let afternoon = try #require(OpenTime("13:00-14:00"))
      let hours = try #require(BusinessHours(zone: "UTC", week: [.tuesday: [afternoon]]))
      let clip = AudioClip(samples: [Int16](repeating: 0, count: 8_000), sampleRate: 8_000)
      let room = RoomSettings(
        pattern: NamePattern("3000"), greeting: nil, hours: hours, closedPrompt: "shut", announcesJoining: false,
        holdMusic: false, moderators: ["alice"])
      directory = RoomDirectory(
        settings: DirectorySettings(
          rooms: [room], routes: RouteTable(rooms: [NamePattern("3000")]),
          prompts: PromptLibrary(clips: ["en": ["shut": clip]]), holdMusic: clip,
          tones: RoomTones(joined: clip, left: clip)),
        media: media, archive: try ArchiveTests.Bench().archive, hub: EventHub(clock: time), clock: time,
        logger: ArchiveTests.quiet)
    }

    func call(user: String? = nil, direction: CallDirection = .incoming) async throws -> LegID {
      let seat = try await directory.seat(
        NewMember(
          call: "1", user: "3000", destination: .room("3000"), displayName: "A", uri: "sip:a@x", direction: direction,
          authenticatedUser: user))
      await directory.connected(seat.leg)
      return seat.leg
    }

    var admitted: [LegID] {
      media.commands.compactMap { if case .admit(let leg) = $0.1 { leg } else { nil } }
    }

    var plays: Int { media.commands.count { if case .play = $0.1 { true } else { false } } }
  }

  @Test func whoCallsWhenItIsClosedHearsSo() async throws {
    let bench = try Bench()
    _ = try await bench.call()
    #expect(bench.admitted.isEmpty && bench.plays == 1)
  }

  @Test func whoCallsWhenItIsOpenComesIn() async throws {
    let bench = try Bench()
    bench.time.advance(seconds: 3_600)
    let leg = try await bench.call()
    #expect(bench.admitted == [leg] && bench.plays == 0)
  }

  @Test func moderatorsAndThoseWhomWeCallComeInAlways() async throws {
    let bench = try Bench()
    let moderator = try await bench.call(user: "alice")
    let called = try await bench.call(direction: .outgoing)
    #expect(bench.admitted == [moderator, called] && bench.plays == 0)
  }
}
