import Codecs
import TestSupport
import Testing

@testable import Conference

/// How high each listener's mix reaches, and what its Opus encoder makes of it.
@Suite struct AudibleRateTests {
  @Test func aListenerHearsTheHighestOfTheOthers() {
    var rate = AudibleRate()
    #expect(rate.heard(minus: nil) == 8_000)
    rate.note(16_000, row: 0)
    rate.note(48_000, row: 1)
    rate.note(8_000, row: 2)
    #expect(rate.heard(minus: nil) == 48_000)
    #expect(rate.heard(minus: 0) == 48_000)
    #expect(rate.heard(minus: 1) == 16_000)
    rate.note(48_000, row: 3)
    #expect(rate.heard(minus: 1) == 48_000)
  }

  @Test func anAnnouncementIsHeardByAll() {
    var rate = AudibleRate()
    rate.note(48_000, row: 0)
    rate.announce(16_000)
    #expect(rate.heard(minus: 0) == 16_000)
    rate.announce(48_000)
    #expect(rate.heard(minus: 0) == 48_000)
  }

  @Test func theEncoderFollowsUpwardsAtOnceAndDownwardsAfterASecond() {
    var hold = AudibleRateHold()
    for _ in 0..<49 { #expect(hold.follow(8_000) == 48_000) }
    #expect(hold.follow(8_000) == 8_000)
    #expect(hold.follow(16_000) == 16_000)
    for tick in 0..<50 { _ = hold.follow(tick == 20 ? 12_000 : 8_000) }
    // The highest of that second, not the last.
    #expect(hold.rate == 12_000)
  }

  @Test(arguments: [false, true]) func aWideVoiceIsHeardWholeByABrowser(isEcho: Bool) {
    let stage = Stage(RoomPlan(kind: isEcho ? .echo : .conference))
    let talker = stage.join(VirtualMember(1, .opus, voice: Sound.bursts(6_000, on: 0.3, off: 0.4)))
    let listener = isEcho ? talker : stage.join(VirtualMember(2, .opus))
    if !isEcho { _ = stage.join(VirtualMember(3, .pcmu, voice: Sound.tone(425))) }
    // Longer than the encoder waits before it takes the band for narrow; in bursts, because libopus changes bands in pauses.
    stage.run(seconds: 6)
    // Bursts of 0.3 s in 0.7 s are 7 dB below the tone; what is cut off is below −100.
    #expect(listener.level(of: 6_000) > -32)
    if !isEcho { #expect(listener.level(of: 425) > -22) }
  }

  @Test func aPhonesVoiceCostsABrowserNoBandOfSilence() {
    func octets(_ format: CodecFormat) -> Int {
      let stage = Stage(RoomPlan(opusBitRate: 48_000))
      _ = stage.join(VirtualMember(1, format, voice: Sound.tone(700)))
      let listener = stage.join(VirtualMember(2, .opus))
      stage.run(seconds: 4)
      return listener.heard.packets.suffix(50).reduce(0) { $0 + $1.count }
    }
    #expect(octets(.pcmu) < octets(.opus))
  }
}
