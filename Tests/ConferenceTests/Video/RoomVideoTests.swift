import Primitives
import RTP
import Testing

@testable import Conference

/// Who is shown to whom in a room, and what stays of a stream that was closed.
@Suite struct RoomVideoTests {
  private var room = RoomVideo(ssrc: 1, random: .seeded(1), at: .zero)
  private var now = Instant.zero

  private static func plan(views: Int, sends: Bool = true) -> VideoPlan {
    VideoPlan(
      publisher: sends ? PublisherPlan(codec: .vp8, payloadType: 96) : nil,
      views: (0..<views).map { ViewPlan(payloadType: 96, ssrc: UInt32(1_000 + $0)) })
  }

  private mutating func enter(_ leg: UInt64, views: Int, sends: Bool = true) -> LegVideo {
    var video = LegVideo(Self.plan(views: views, sends: sends), sender: 7, at: now)
    room.adopt(LegID(leg), &video, at: now)
    return video
  }

  private func shown(to leg: UInt64) -> [LegID?] {
    room.members.first { $0.leg == LegID(leg) }?.panes.map(\.shown) ?? []
  }

  private mutating func run(seconds: Double, talking: UInt64? = nil) {
    for _ in 0..<Int(seconds * 50) {
      now = now.advanced(byMilliseconds: 20)
      for member in room.members {
        room.note(
          member.leg, bitrate: 1_000_000, isTalking: member.leg.rawValue == talking, at: now)
      }
      room.tick(at: now)
    }
  }

  @Test mutating func everybodySeesTheOthersAndNeverItself() {
    for leg: UInt64 in 1...3 { _ = enter(leg, views: 2) }
    #expect(Set(shown(to: 1)) == [LegID(2), LegID(3)])
    #expect(Set(shown(to: 2)) == [LegID(1), LegID(3)])
    #expect(Set(shown(to: 3)) == [LegID(1), LegID(2)])
  }

  @Test mutating func oneStreamFollowsWhoSpeaks() {
    _ = enter(1, views: 1, sends: false)
    for leg: UInt64 in 2...4 { _ = enter(leg, views: 0) }
    #expect(shown(to: 1) == [LegID(2)])
    run(seconds: 3, talking: 4)
    #expect(shown(to: 1) == [LegID(4)])
    // A cough changes nothing.
    run(seconds: 0.3, talking: 3)
    run(seconds: 3)
    #expect(shown(to: 1) == [LegID(4)])
  }

  @Test mutating func whoIsSeenKeepsItsStreamWhenAnotherOneGoes() {
    _ = enter(1, views: 2, sends: false)
    var leaving = enter(2, views: 0)
    _ = enter(3, views: 0)
    let place = shown(to: 1).firstIndex(of: LegID(3))
    room.remove(LegID(2), &leaving, at: now)
    #expect(shown(to: 1).firstIndex(of: LegID(3)) == place)
    _ = enter(4, views: 0)
    #expect(Set(shown(to: 1)) == [LegID(3), LegID(4)])
  }

  /// Under SRTP no number may be used twice with one SSRC.
  @Test mutating func aStreamThatOpensAgainGoesOnBehindItsLastNumber() throws {
    var video = enter(1, views: 1)
    room.remove(LegID(1), &video, at: now)
    let first = try #require(video.numbers[1_000])
    now = now.advanced(byMilliseconds: 2_000)
    var other = RoomVideo(ssrc: 2, random: .seeded(99), at: now)
    other.adopt(LegID(1), &video, at: now)
    other.remove(LegID(1), &video, at: now)
    let second = try #require(video.numbers[1_000])
    #expect(second.last.sequence == first.last.sequence)
    #expect(second.last.timestamp == first.last.timestamp + 180_000)
    #expect(second.retransmissionSequence == first.retransmissionSequence)
  }

  @Test mutating func aSenderOfOneStreamIsToldWhatTheBestWayBears() {
    _ = enter(1, views: 1, sends: false)
    _ = enter(2, views: 0)
    run(seconds: 0.5)
    #expect(room.ceiling(of: LegID(2)) == 1_000_000)
  }
}
