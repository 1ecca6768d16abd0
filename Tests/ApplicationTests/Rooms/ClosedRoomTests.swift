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
        pattern: NamePattern("3000"), greeting: "hello", hours: hours, closedPrompt: "shut", announcesJoining: false,
        holdMusic: false, moderators: ["alice"])
      directory = RoomDirectory(
        settings: DirectorySettings(
          rooms: [room], routes: RouteTable(rooms: [NamePattern("3000")]),
          prompts: PromptLibrary(clips: ["en": ["hello": clip, "shut": clip]]), holdMusic: clip,
          tones: RoomTones(joined: clip, left: clip)),
        media: media, archive: try ArchiveTests.Bench().archive, hub: EventHub(clock: time), clock: time,
        logger: ArchiveTests.quiet)
    }

    /// A caller who hears to its end what is played first; whether it is in then.
    func isIn(user: String? = nil, direction: CallDirection = .incoming) async throws -> Bool {
      let seat = try await directory.seat(
        NewMember(
          call: "1", user: "3000", destination: .room("3000"), displayName: "A", uri: "sip:a@x", direction: direction,
          authenticatedUser: user))
      await directory.connected(seat.leg)
      let plays = media.commands.compactMap { command -> PlayID? in
        if case .play(let plan) = command.1, plan.audience == .member(seat.leg) { plan.id } else { nil }
      }
      try #require(plays.count == 1)
      await directory.handle(.playEnded(plays[0], .finished), in: seat.room)
      return media.commands.contains { if case .admit(seat.leg) = $0.1 { true } else { false } }
    }
  }

  @Test func whoCallsWhenItIsClosedIsToldSoAndDoesNotComeIn() async throws {
    let bench = try Bench()
    #expect(try await !bench.isIn())
    bench.time.advance(seconds: 2 * 3_600)
    #expect(try await !bench.isIn())
  }

  @Test func whoCallsWhenItIsOpenComesIn() async throws {
    let bench = try Bench()
    bench.time.advance(seconds: 3_600)
    #expect(try await bench.isIn())
  }

  @Test func moderatorsAndThoseWhomWeCallComeInAlways() async throws {
    let bench = try Bench()
    #expect(try await bench.isIn(user: "alice"))
    #expect(try await bench.isIn(direction: .outgoing))
    #expect(try await !bench.isIn(user: "bob"))
  }
}
