import TestSupport
import Codecs
import Conference
import Testing

/// Who is decoded and heard, and who talks.
@Suite struct AudibilityTests {
  static let formats: [CodecFormat] = [.pcmu, .pcma, .g722, .l16(16_000), .opus]

  @Test(arguments: formats)
  func theBeginningOfAWordIsNotCut(format: CodecFormat) {
    let stage = Stage()
    stage.join(VirtualMember(1, format, voice: Sound.bursts(1_013, on: 0.3, off: 2.2, start: 1), phase: 4))
    let listener = stage.join(VirtualMember(2, .l16(16_000)))
    stage.run(seconds: 9.5)
    let heard = Self.active(listener.heard.samples, rate: 16_000)
    // Four words of 300 ms, of which each has edges of 5 ms.
    #expect(heard > 4 * 280 && heard < 4 * 310, "\(format.codec): \(heard) ms of 1,200")
  }

  @Test func withLevelsInThePacketsOpusWordsBeginInTime() {
    let stage = Stage()
    let talker = VirtualMember(1, .opus, voice: Sound.bursts(1_013, on: 0.3, off: 2.2, start: 1))
    talker.levelExtension = 3
    talker.plan.audioLevelExtension = 3
    stage.join(talker)
    let listener = stage.join(VirtualMember(2, .l16(16_000)))
    stage.run(seconds: 9.5)
    let heard = Self.active(listener.heard.samples, rate: 16_000)
    #expect(heard > 4 * 288 && heard < 4 * 310, "\(heard) ms of 1,200")
    // Decoded while heard and for as long as its level holds, not in between.
    let share = Double(stage.decodings.reduce(0, +)) / Double(stage.decodings.count)
    #expect(share > 0.1 && share < 0.75, "\(share)")
  }

  @Test func inALargeRoomAWordOfAnyoneIsHeardWithinAFewTicks() {
    let stage = Stage()
    for index in 0..<40 { stage.join(VirtualMember(10 + index, .g722, phase: Double(index % 20))) }
    stage.join(VirtualMember(1, .opus, voice: Sound.bursts(1_013, on: 0.5, off: 2, start: 1)))
    let listener = stage.join(VirtualMember(2, .l16(16_000)))
    stage.run(seconds: 5)
    let heard = Self.active(listener.heard.samples, rate: 16_000)
    #expect(heard > 920, "\(heard) ms of 1,000")
  }

  @Test func silentMembersAreNotDecoded() {
    let stage = Stage()
    for index in 0..<30 { stage.join(VirtualMember(10 + index, index % 2 == 0 ? .pcmu : .pcma)) }
    stage.join(VirtualMember(1, .pcmu, voice: Sound.tone(713)))
    stage.run(seconds: 2)
    #expect(stage.decodings.dropFirst(10).allSatisfy { $0 == 1 })
  }

  @Test func aMemberBelowTheGateIsNotMixed() {
    let stage = Stage()
    stage.join(VirtualMember(1, .pcmu, voice: Sound.tone(713, level: -68)))
    let listener = stage.join(VirtualMember(2, .l16(8_000)))
    stage.run(seconds: 2)
    #expect(Sound.peak(listener.heard.last(1)) == 0)
  }

  @Test func ofTwentyTalkersTheLoudestEightAreHeardAndStay() {
    let stage = Stage()
    // Half a decibel apart, each a little unsteady: without hysteresis the eighth and the ninth would change places for ever.
    let talkers = (0..<20).map { index in
      VirtualMember(
        index + 1, .pcmu,
        voice: { time in
          let wobble = 1 + 0.2 * (time * 3 + Double(index)).truncatingRemainder(dividingBy: 1)
          return wobble * Sound.tone(300 + 150 * Double(index), level: -20 - Double(index) * 0.5)(time)
        })
    }
    for talker in talkers { stage.join(talker) }
    let listener = stage.join(VirtualMember(40, .l16(8_000)))
    stage.run(seconds: 2)
    let before = audible(listener)
    stage.run(seconds: 2)
    #expect(before.count == 8, "\(before)")
    #expect(audible(listener) == before)
    #expect(stage.decodings.last == 8)
    // A newcomer who is clearly louder takes a place.
    stage.join(VirtualMember(30, .pcmu, voice: Sound.tone(3_350, level: -8)))
    stage.run(seconds: 2)
    #expect(listener.level(of: 3_350, last: 0.5) > -30)
    #expect(audible(listener).count == 7)
    #expect(stage.decodings.last == 8)
  }

  private func audible(_ listener: VirtualMember) -> [Int] {
    (0..<20).filter { listener.level(of: 300 + 150 * Double($0), last: 0.5) > -45 }
  }

  @Test(arguments: formats)
  func talkingIsReportedOnceAndEndsSoonAfterTheVoice(format: CodecFormat) {
    let stage = Stage()
    let talker = stage.join(VirtualMember(1, format, voice: Sound.only(Sound.tone(713), from: 1, to: 2)))
    stage.join(VirtualMember(2, .pcmu))
    stage.run(seconds: 4)
    let events = stage.talking(talker)
    #expect(events.map(\.isTalking) == [true, false], "\(format.codec): \(events)")
    guard events.count == 2 else { return }
    #expect((1_000...1_140).contains(events[0].at))
    #expect((2_200...2_520).contains(events[1].at))
  }

  @Test func aMutedTalkerIsReportedAsSilentAndAsTalkingAgainAfterwards() {
    let stage = Stage()
    // Without telephone-event: the voice is decoded for its tones even while it is muted.
    let talker = stage.join(VirtualMember(1, .pcmu, voice: Sound.tone(713), events: false))
    stage.join(VirtualMember(2, .pcmu))
    stage.run(seconds: 1)
    stage.apply(.setMuted(talker.leg, true))
    stage.run(seconds: 1)
    #expect(stage.talking(talker).map(\.isTalking) == [true, false])
    stage.apply(.setMuted(talker.leg, false))
    stage.run(seconds: 1)
    #expect(stage.talking(talker).map(\.isTalking) == [true, false, true])
  }

  @Test func quietAndLoudTalkersComeTogether() {
    let stage = Stage()
    stage.join(VirtualMember(1, .pcmu, voice: Sound.bursts(713, level: -40, on: 1.5, off: 0.5)))
    stage.join(VirtualMember(2, .pcmu, voice: Sound.bursts(1_471, level: -6, on: 1.5, off: 0.5)))
    let listener = stage.join(VirtualMember(3, .l16(16_000)))
    stage.run(seconds: 1.2)
    let before = listener.level(of: 1_471, last: 0.4) - listener.level(of: 713, last: 0.4)
    #expect(before > 25, "\(before)")
    stage.run(seconds: 12)
    let after = listener.level(of: 1_471, last: 0.4) - listener.level(of: 713, last: 0.4)
    #expect(abs(after) < 6, "\(after)")
    // No pumping: after a pause of two seconds a word is as loud as before.
    let quiet = listener.level(of: 713, last: 0.4)
    stage.run(seconds: 4)
    #expect(abs(listener.level(of: 713, last: 0.4) - quiet) < 2)
  }

  @Test func eightLoudTalkersBendAndDoNotClip() {
    let stage = Stage()
    let tones = (0..<8).map { 333 + 301 * Double($0) }
    for index in 0..<8 {
      stage.join(VirtualMember(index + 1, .l16(16_000), voice: Sound.tone(tones[index], level: -3)))
    }
    let listener = stage.join(VirtualMember(20, .l16(16_000)))
    stage.run(seconds: 1)
    let samples = listener.heard.last(0.8)
    var flat = 0
    var longest = 0
    for (left, right) in zip(samples, samples.dropFirst()) {
      flat = left == right && abs(Int(left)) > 32_000 ? flat + 1 : 0
      longest = max(longest, flat)
    }
    #expect(Sound.peak(samples) <= 32_767)
    #expect(longest <= 1, "\(longest) equal samples at the limit")
    for tone in tones { #expect(listener.level(of: tone, last: 0.5) > -25) }
    #expect(Sound.signalToNoise(samples, tones: tones, rate: 16_000) > 15)
  }

  /// Milliseconds in which something is to be heard.
  static func active(_ samples: [Int16], rate: Int) -> Int {
    let piece = rate / 500
    var count = 0
    var start = 0
    while start + piece <= samples.count {
      if Sound.power(samples[start..<start + piece]) > -32 { count += 1 }
      start += piece
    }
    return count * 2
  }
}
