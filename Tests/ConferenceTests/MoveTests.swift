import RTP
import Audio
import Codecs
import Primitives
import Testing

@testable import Conference

/// A member goes from one room to another in the middle of its streams.
@Suite struct MoveTests {
  @Test(arguments: [CodecFormat.pcmu, .opus, .g722], [20, 40])
  func aMovedMembersStreamsGoOn(format: CodecFormat, packetTime: Int) {
    let first = Stage(seed: 1)
    let second = Stage(seed: 2)
    let member = VirtualMember(1, format, voice: Sound.tone(1_471))
    member.plan.packetTime = packetTime
    first.join(member)
    first.join(VirtualMember(2, .pcmu, voice: Sound.tone(713)))
    let there = second.join(VirtualMember(3, .l16(16_000), voice: Sound.tone(1_931)))
    // The rooms' timelines differ.
    second.run(seconds: 1.3)
    first.run(seconds: 2)
    second.run(seconds: 0.7)
    let before = member.heard.packets.count
    guard let leg = first.room.extractLeg(member.leg, at: first.now) else {
      Issue.record("no leg")
      return
    }
    first.forget(member)
    second.adopt(member)
    second.room.insertLeg(leg, at: second.now)
    second.run(seconds: 2)
    first.run(seconds: 1)
    #expect(second.room.slot(of: member.leg) != nil)
    #expect(first.room.slot(of: member.leg) == nil)
    #expect(abs(there.level(of: 1_471) + 17) < 1.5)
    #expect(abs(member.level(of: 1_931) + 17) < 2)
    #expect(member.level(of: 713) < -60)
    #expect(first.members[0].level(of: 1_471, last: 0.5) < -60)
    let packets = member.heard.packets
    #expect(packets.count > before + 40)
    #expect(member.heard.sequenceBreaks == 0)
    #expect(Set(packets.map(\.ssrc)).count == 1)
    let steps = Set(zip(packets, packets.dropFirst()).map { $1.timestamp &- $0.timestamp })
    #expect(steps == [UInt32(packetTime * format.clockRate / 1_000)], "\(steps)")
    let statistics = second.statistics(of: member)
    #expect(statistics.packetsReceived == UInt64(member.sent))
    #expect(!second.has { if case .mediaStarted(member.leg) = $0 { true } else { false } })
  }

  @Test func playsEndWithTheRoomAndTracksGoOnInTheOther() throws {
    let first = Stage(seed: 1)
    let second = Stage(seed: 2)
    let member = VirtualMember(1, .pcmu, voice: Sound.tone(1_471))
    first.join(member)
    first.apply(.play(PlayTests.tone(5, 713, seconds: 20, to: .member(member.leg))))
    for stage in [first, second] {
      stage.apply(.startRecording(RecordingPlan(id: RecordingID("r"), directory: "d", tracks: true, sampleRate: 8_000)))
    }
    first.run(seconds: 1)
    second.run(seconds: 1)
    guard let leg = first.room.extractLeg(member.leg, at: first.now) else { return }
    first.forget(member)
    second.adopt(member)
    second.room.insertLeg(leg, at: second.now)
    first.run(seconds: 1)
    second.run(seconds: 1)
    for stage in [first, second] { stage.apply(.stopRecording(RecordingID("r"))) }
    #expect(first.has { if case .playEnded(PlayID(5), .memberLeft) = $0 { true } else { false } })
    let early = try first.files.wave(RecordingID("r"), name: "1.wav").samples
    let late = try second.files.wave(RecordingID("r"), name: "1.wav").samples
    #expect(early.count == 8_000 || early.count == 16_000)
    #expect(Sound.power(early[2_000..<8_000]) > -24)
    #expect(late.count == 16_000)
    #expect(Sound.peak(late[..<7_900]) == 0)
    #expect(Sound.power(late[9_000...]) > -24)
  }
}
