import Primitives
import RTP
import Audio
import Codecs
import Foundation
import Testing

@testable import Conference

/// What is played, to whom, and what becomes of the room meanwhile.
@Suite struct PlayTests {
  static func clip(_ frequency: Double, seconds: Double, rate: Int = 16_000, level: Double = -17) -> AudioClip {
    let voice = Sound.tone(frequency, level: level)
    let samples = (0..<Int(seconds * Double(rate))).map { Int16(voice(Double($0) / Double(rate)) * 32_767) }
    return AudioClip(samples: samples, sampleRate: rate, name: "\(frequency)")
  }

  static func tone(
    _ id: UInt64, _ frequency: Double, seconds: Double, to audience: PlayAudience, loops: Bool = false,
    ducking: Double = 12, stopsOnDigit: Bool = false
  ) -> PlayPlan {
    PlayPlan(
      id: PlayID(id), clips: [clip(frequency, seconds: seconds)], audience: audience, loops: loops, ducking: ducking,
      stopsOnDigit: stopsOnDigit)
  }

  private func ends(_ stage: Stage) -> [UInt64: PlayEnd] {
    var ends: [UInt64: PlayEnd] = [:]
    for event in stage.events { if case .playEnded(let id, let end) = event { ends[id.rawValue] = end } }
    return ends
  }

  private func starts(_ stage: Stage) -> [UInt64] {
    stage.events.compactMap { if case .playStarted(let id) = $0 { id.rawValue } else { nil } }
  }

  @Test func aPlayToOneMemberIsHeardByThatMemberAloneAndDucksTheRoomForItAlone() {
    let stage = Stage()
    stage.join(VirtualMember(1, .pcmu, voice: Sound.tone(713)))
    let one = stage.join(VirtualMember(2, .l16(16_000)))
    let other = stage.join(VirtualMember(3, .l16(16_000)))
    stage.run(seconds: 2)
    stage.apply(.play(Self.tone(7, 1_931, seconds: 2, to: .member(one.leg))))
    stage.run(seconds: 1.5)
    #expect(abs(one.level(of: 1_931) + 17) < 1)
    #expect(abs(one.level(of: 713) + 29) < 1)
    #expect(other.level(of: 1_931) < -80)
    #expect(abs(other.level(of: 713) + 17) < 1)
    stage.run(seconds: 1.8)
    #expect(one.level(of: 1_931) < -80)
    #expect(abs(one.level(of: 713) + 17) < 1)
    #expect(starts(stage) == [7])
    #expect(ends(stage) == [7: .finished])
  }

  @Test func aPlayToEveryoneIsSharedAndIsNoReasonForEncodersOfTheirOwn() {
    let stage = Stage()
    for index in 0..<20 { stage.join(VirtualMember(index + 1, .opus)) }
    stage.apply(.play(Self.tone(1, 1_013, seconds: 2, to: .everyone)))
    stage.run(seconds: 1.5)
    #expect(stage.encodings.last == 1)
    for member in stage.members { #expect(abs(member.level(of: 1_013) + 17) < 1.5) }
  }

  @Test func playsToOneAudienceQueueUpAndPlaysToDifferentOnesRunTogether() {
    let stage = Stage()
    let one = stage.join(VirtualMember(1, .l16(16_000)))
    stage.apply(.play(Self.tone(1, 713, seconds: 1, to: .everyone)))
    stage.apply(.play(Self.tone(2, 1_471, seconds: 1, to: .everyone)))
    stage.apply(.play(Self.tone(3, 1_931, seconds: 2, to: .member(one.leg), ducking: 0)))
    stage.run(seconds: 1)
    #expect(one.level(of: 713, last: 0.5) > -18)
    #expect(one.level(of: 1_471, last: 0.5) < -60)
    #expect(one.level(of: 1_931, last: 0.5) > -18)
    stage.run(seconds: 1)
    #expect(one.level(of: 713, last: 0.5) < -60)
    #expect(one.level(of: 1_471, last: 0.5) > -18)
    stage.run(seconds: 0.5)
    #expect(ends(stage) == [1: .finished, 2: .finished, 3: .finished])
    #expect(Set(starts(stage)) == [1, 2, 3])
  }

  @Test func clipsOfOnePlayFollowEachOtherWithoutAGap() {
    let stage = Stage()
    let one = stage.join(VirtualMember(1, .l16(16_000)))
    // One tone cut at a place that is no multiple of 20 ms.
    let whole = Self.clip(713, seconds: 1)
    let parts = [
      AudioClip(samples: Array(whole.samples[..<5_003]), sampleRate: 16_000),
      AudioClip(samples: [], sampleRate: 16_000),
      AudioClip(samples: Array(whole.samples[5_003...]), sampleRate: 16_000),
    ]
    stage.run(seconds: 0.1)
    stage.apply(.play(PlayPlan(id: PlayID(1), clips: parts, audience: .everyone)))
    stage.run(seconds: 1.2)
    let start = one.heard.samples.firstIndex { $0 != 0 } ?? 0
    let heard = Array(one.heard.samples[start..<min(start + 15_900, one.heard.samples.count)])
    #expect(Sound.signalToNoise(heard, tones: [713], rate: 16_000) > 60)
  }

  @Test func holdMusicLoopsWithoutASeamAndStops() {
    let stage = Stage()
    let one = stage.join(VirtualMember(1, .l16(16_000)))
    // 713 Hz over one second is a whole number of periods.
    stage.apply(.play(Self.tone(1, 713, seconds: 1, to: .everyone, loops: true, ducking: 0)))
    stage.run(seconds: 5)
    #expect(Sound.signalToNoise(one.heard.last(3.5), tones: [713], rate: 16_000) > 60)
    stage.apply(.stopPlay(PlayID(1)))
    stage.run(seconds: 0.5)
    #expect(Sound.peak(one.heard.last(0.4)) == 0)
    #expect(ends(stage) == [1: .stopped])
    // It fades out: no step larger than the tone's own.
    #expect(Sound.roughness(one.heard.samples[8_000...]) < 420)
  }

  @Test func aDigitStopsAPlayThatWaitsForOne() {
    let stage = Stage()
    let one = stage.join(VirtualMember(1, .pcmu))
    stage.apply(.play(Self.tone(1, 713, seconds: 10, to: .member(one.leg), stopsOnDigit: true)))
    stage.run(seconds: 1)
    stage.inject(
      one.eventPacket(5, end: true, duration: 800, timestamp: one.timestamp, marker: true), to: one.leg,
      from: one.address)
    stage.run(seconds: 0.5)
    #expect(stage.digits(of: one) == "5")
    #expect(ends(stage) == [1: .digit])
    #expect(one.level(of: 713, last: 0.3) < -60)
  }

  @Test func aMemberWhoIsNotAdmittedHearsOnlyWhatIsPlayedToIt() {
    let stage = Stage()
    stage.join(VirtualMember(1, .pcmu, voice: Sound.tone(713)))
    let waiting = stage.join(VirtualMember(2, .pcmu, voice: Sound.tone(1_471)), admitted: false)
    stage.apply(.play(Self.tone(1, 1_013, seconds: 3, to: .member(waiting.leg))))
    stage.apply(.play(Self.tone(2, 1_931, seconds: 3, to: .everyone)))
    stage.run(seconds: 2)
    #expect(waiting.level(of: 1_013) > -18)
    #expect(waiting.level(of: 713) < -60)
    #expect(waiting.level(of: 1_931) < -60)
    let other = stage.members[0]
    #expect(other.level(of: 1_471) < -60)
    stage.apply(.admit(waiting.leg))
    stage.run(seconds: 2.5)
    #expect(abs(waiting.level(of: 713) + 17) < 2)
    #expect(abs(other.level(of: 1_471) + 17) < 2)
  }

  @Test func everyPlayEndsWithOneEventHoweverItEnds() {
    let stage = Stage()
    let one = stage.join(VirtualMember(1, .pcmu))
    stage.apply(.play(Self.tone(1, 713, seconds: 10, to: .member(one.leg))))
    stage.apply(.play(Self.tone(2, 713, seconds: 10, to: .member(one.leg))))
    stage.apply(.play(Self.tone(3, 713, seconds: 10, to: .everyone)))
    stage.apply(.play(Self.tone(4, 713, seconds: 10, to: .everyone)))
    stage.apply(.play(Self.tone(5, 713, seconds: 10, to: .member(LegID(99)))))
    stage.apply(.play(PlayPlan(id: PlayID(6), clips: [], audience: .member(one.leg))))
    stage.run(seconds: 0.2)
    stage.apply(.stopPlay(PlayID(4)))
    stage.leave(one)
    stage.run(seconds: 0.2)
    stage.room.close(at: stage.now)
    stage.run(seconds: 0.2)
    #expect(
      ends(stage) == [1: .memberLeft, 2: .memberLeft, 3: .roomClosed, 4: .stopped, 5: .memberLeft, 6: .memberLeft])
    #expect(stage.count { if case .playEnded = $0 { true } else { false } } == 6)
  }

  @Test func stoppingAnAudienceStopsWhatIsOnAndWhatWaits() {
    let stage = Stage()
    let one = stage.join(VirtualMember(1, .pcmu))
    for id in 1...3 { stage.apply(.play(Self.tone(UInt64(id), 713, seconds: 10, to: .member(one.leg)))) }
    stage.apply(.play(Self.tone(9, 1_013, seconds: 10, to: .everyone)))
    stage.run(seconds: 0.4)
    stage.apply(.stopPlays(.member(one.leg)))
    stage.run(seconds: 0.6)
    #expect(ends(stage) == [1: .stopped, 2: .stopped, 3: .stopped])
    #expect(one.level(of: 713, last: 0.3) < -60)
    #expect(one.level(of: 1_013, last: 0.3) > -18)
    stage.apply(.stopPlays(.everyone))
    stage.run(seconds: 0.4)
    #expect(one.level(of: 1_013, last: 0.3) < -60)
  }

  @Test func aClipOfAnotherRateKeepsItsPitchInEveryRoom() {
    let stage = Stage()
    let one = stage.join(VirtualMember(1, .opus))
    let two = stage.join(VirtualMember(2, .pcmu))
    stage.apply(.play(PlayPlan(id: PlayID(1), clips: [Self.clip(1_013, seconds: 2, rate: 8_000)], audience: .everyone)))
    stage.run(seconds: 1.5)
    for member in [one, two] { #expect(abs(member.level(of: 1_013) + 17) < 1.5) }
  }
}
