import RTP
import Codecs
import Conference
import Primitives
import Testing
import TestSupport

/// What comes over a real network, and what peers do to their streams.
@Suite struct StreamTests {
  /// A talker and a listener who hears it as it is mixed.
  private func pair(_ format: CodecFormat, voice: @escaping Sound.Voice = Sound.tone(713)) -> (
    Stage, VirtualMember, VirtualMember
  ) {
    let stage = Stage()
    let talker = stage.join(VirtualMember(1, format, voice: voice, phase: 6))
    let listener = stage.join(VirtualMember(2, .l16(16_000)))
    return (stage, talker, listener)
  }

  @Test func aCodecChangeInACallIsFollowed() {
    let (stage, talker, listener) = pair(.pcmu)
    stage.run(seconds: 2)
    talker.use(.opus)
    stage.agree(talker)
    stage.run(seconds: 2)
    #expect(abs(listener.level(of: 713) + 17) < 1.5)
    listener.voice = Sound.tone(1_471)
    stage.run(seconds: 2)
    #expect(abs(talker.level(of: 1_471) + 17) < 1.5)
    #expect(talker.heard.sequenceBreaks == 0)
    #expect(stage.statistics(of: talker).packetsRejected == 0)
  }

  @Test func aPeerMayUseAnyAgreedPayloadTypeAtAnyTime() {
    let (stage, talker, listener) = pair(.pcmu)
    let all: [CodecFormat] = [.pcmu, .pcma, .g722]
    talker.plan.receive = all.map { PayloadFormat(payloadType: VirtualMember.payloadType($0), format: $0) }
    stage.agree(talker)
    stage.run(seconds: 1.5)
    for format in [CodecFormat.pcma, .g722, .pcmu] {
      talker.speak(format)
      stage.run(seconds: 1)
      #expect(abs(listener.level(of: 713, last: 0.8) + 17) < 1.5, "\(format.codec)")
      let worst = Sound.disturbance(listener.heard.last(0.9), tones: [713], rate: 16_000)
      #expect(worst < -25, "\(format.codec): \(worst)")
    }
  }

  @Test func anUnknownPayloadTypeCostsItsPacketAlone() {
    let (stage, talker, listener) = pair(.pcmu)
    stage.run(seconds: 1)
    stage.run(ticks: 50) { _ in
      stage.inject(talker.packet(Array(repeating: 0x11, count: 160), type: 77), to: talker.leg, from: talker.address)
    }
    #expect(abs(listener.level(of: 713, last: 0.8) + 17) < 1.5)
    #expect(stage.statistics(of: talker).packetsRejected == 50)
  }

  @Test func aNewSourceFromTheSameAddressIsFollowed() {
    let (stage, talker, listener) = pair(.pcmu)
    stage.run(seconds: 2)
    talker.ssrc = 0x7777
    talker.sequence = 40_000
    talker.timestamp = 3_000_000_000
    stage.run(seconds: 2)
    #expect(abs(listener.level(of: 713) + 17) < 1.5)
    let statistics = stage.statistics(of: talker)
    #expect(statistics.packetsLost == 0)
    #expect(statistics.packetsRejected <= 3)
  }

  @Test func sequenceAndTimestampWrapUnnoticed() {
    let stage = Stage()
    let talker = VirtualMember(1, .pcmu, voice: Sound.tone(713), phase: 6)
    talker.sequence = 65_500
    talker.timestamp = UInt32.max - 160 * 40
    stage.join(talker)
    let listener = stage.join(VirtualMember(2, .l16(16_000)))
    stage.run(seconds: 3)
    #expect(Sound.disturbance(listener.heard.last(2.5), tones: [713], rate: 16_000) < -45)
    let statistics = stage.statistics(of: talker)
    #expect(statistics.packetsLost == 0 && statistics.packetsLate == 0)
  }

  @Test func aJumpOfTheSendersTimestampIsGotOver() {
    let (stage, talker, listener) = pair(.pcmu)
    stage.run(seconds: 2)
    talker.timestamp &+= 3_456_789
    stage.run(seconds: 1)
    talker.sequence &+= 20_000
    stage.run(seconds: 1.5)
    #expect(abs(listener.level(of: 713) + 17) < 1.5)
  }

  @Test(arguments: [10, 20, 30, 40, 60])
  func everyPacketTimeIsTakenAndSent(time: Int) {
    let stage = Stage()
    let talker = VirtualMember(1, .pcmu, voice: Sound.tone(713), phase: 3)
    talker.packetTime = time
    talker.plan.packetTime = time
    stage.join(talker)
    let listener = stage.join(VirtualMember(2, .l16(16_000), voice: Sound.tone(1_471)))
    stage.run(seconds: 3)
    #expect(Sound.disturbance(listener.heard.last(1.5), tones: [713], rate: 16_000) < -40)
    #expect(Sound.disturbance(talker.heard.last(1.5), tones: [1_471], rate: 8_000) < -40)
    #expect(talker.heard.packets.allSatisfy { $0.count == time * 8 })
    #expect(
      Set(zip(talker.heard.packets, talker.heard.packets.dropFirst()).map { $1.timestamp &- $0.timestamp }) == [
        UInt32(time * 8)
      ])
  }

  @Test(arguments: [10, 40, 60])
  func opusPacketTimesAreTakenAndSent(time: Int) {
    let stage = Stage()
    let talker = VirtualMember(1, .opus, voice: Sound.tone(713), phase: 3)
    talker.packetTime = time
    talker.plan.packetTime = time
    stage.join(talker)
    let listener = stage.join(VirtualMember(2, .opus, voice: Sound.tone(1_471)))
    stage.run(seconds: 3)
    #expect(abs(listener.level(of: 713) + 17) < 1.5)
    #expect(abs(talker.level(of: 1_471) + 17) < 1.5)
    #expect(
      Set(zip(talker.heard.packets, talker.heard.packets.dropFirst()).map { $1.timestamp &- $0.timestamp }) == [
        UInt32(time * 48)
      ])
  }

  @Test func aPacketTimeMayChangeInACall() {
    let (stage, talker, listener) = pair(.pcmu)
    stage.run(seconds: 1.5)
    talker.packetTime = 40
    stage.run(seconds: 1.5)
    talker.packetTime = 10
    stage.run(seconds: 1.5)
    #expect(Sound.disturbance(listener.heard.last(1), tones: [713], rate: 16_000) < -40)
    #expect(abs(listener.level(of: 713) + 17) < 1.5)
    #expect(stage.statistics(of: talker).packetsLost == 0)
  }

  @Test func pausesOfTheSenderAreSilenceAndNoLoss() {
    let (stage, talker, listener) = pair(.pcmu, voice: Sound.bursts(713, on: 0.5, off: 1))
    talker.isTransmitting = { $0.truncatingRemainder(dividingBy: 1.5) < 0.52 }
    stage.run(seconds: 9)
    let heard = AudibilityTests.active(listener.heard.samples, rate: 16_000)
    #expect(abs(heard - 3_000) < 150, "\(heard) ms of 3,000")
    let statistics = stage.statistics(of: talker)
    #expect(statistics.packetsLost == 0 && statistics.packetsLate == 0)
  }

  @Test func opusDTXOfASenderIsSilenceAndNoLoss() {
    var format = CodecFormat.opus
    format.opus.useDTX = true
    let (stage, talker, listener) = pair(format, voice: Sound.bursts(713, on: 0.6, off: 1.4))
    stage.run(seconds: 10)
    #expect(talker.sent < 420)
    let heard = AudibilityTests.active(listener.heard.samples, rate: 16_000)
    #expect(abs(heard - 3_000) < 250, "\(heard) ms of 3,000")
    #expect(stage.statistics(of: talker).packetsLost == 0)
  }

  @Test func comfortNoiseFillsPauses() {
    let stage = Stage()
    let talker = VirtualMember(1, .pcmu, voice: Sound.tone(713), phase: 6)
    talker.plan.comfortNoise = 13
    stage.join(talker)
    let listener = stage.join(VirtualMember(2, .l16(16_000)))
    stage.run(seconds: 1)
    talker.isSending = false
    // −40 dBov of noise, every 100 ms.
    stage.run(ticks: 20) { tick in
      guard tick % 5 == 0 else { return }
      stage.inject(talker.packet([40], type: 13), to: talker.leg, from: talker.address)
      talker.sequence &+= 1
    }
    let level = Sound.power(listener.heard.last(0.2))
    #expect(level > -48 && level < -32, "\(level)")
    #expect(Sound.power(listener.heard.last(0.2)) < -30)
  }

  @Test func duplicateLateAndOvertakingPacketsAreSorted() {
    let (stage, talker, listener) = pair(.pcmu)
    stage.network.conditions[talker.address] = .init(
      delay: 20, jitter: 5, duplication: 0.1, reordering: 0.05, detour: 35, mayOvertake: true)
    stage.run(seconds: 10)
    #expect(Sound.signalToNoise(listener.heard.last(4), tones: [713], rate: 16_000) > 25)
    let statistics = stage.statistics(of: talker)
    #expect(statistics.packetsDuplicate > 20)
    #expect(statistics.packetsLost == 0)
    #expect(statistics.jitterBufferDelay < 90)
  }

  @Test(arguments: [CodecFormat.pcmu, .g722, .opus])
  func fivePerCentLossAndSixtyMillisecondsJitterAreBridged(format: CodecFormat) {
    var format = format
    format.opus.useInbandFEC = true
    let (stage, talker, listener) = pair(format)
    stage.network.conditions[talker.address] = .init(delay: 40, jitter: 60, loss: 0.05, mayOvertake: true)
    stage.run(seconds: 20)
    let heard = listener.heard.last(10)
    #expect(abs(Sound.level(of: 713, in: heard, rate: 16_000) + 17) < 2.5)
    // No hole longer than 20 ms at half the level.
    let pieces = stride(from: 0, to: heard.count - 320, by: 320).map { Sound.power(heard[$0..<$0 + 320]) }
    let holes = pieces.count { $0 < -32 }
    // Opus codes no second copy of a pure tone and conceals one badly: its holes are the library's.
    #expect(holes < (format.codec == .opus ? 50 : 8), "\(format.codec): \(holes) holes in 500 pieces")
    let statistics = stage.statistics(of: talker)
    let sent = Double(talker.sent)
    #expect(abs(Double(statistics.packetsLost) / sent - 0.05) < 0.02)
    #expect(Double(statistics.packetsLate) / sent < 0.03, "\(statistics.packetsLate)")
    #expect(statistics.jitterBufferDelay > 30 && statistics.jitterBufferDelay < 130, "\(statistics.jitterBufferDelay)")
  }

  @Test(arguments: [200.0, -200])
  func tenMinutesOfADriftingClockChangeNothing(drift: Double) {
    let stage = Stage()
    let talker = VirtualMember(1, .pcmu, voice: Sound.tone(713), phase: 6)
    talker.driftPPM = drift
    stage.join(talker)
    let listener = stage.join(VirtualMember(2, .l16(8_000)))
    stage.network.conditions[talker.address] = .init(delay: 10, jitter: 8)
    var delays: [Double] = []
    for _ in 0..<10 {
      stage.run(seconds: 60)
      delays.append(stage.statistics(of: talker).jitterBufferDelay)
      stage.clearEvents()
    }
    #expect(delays.allSatisfy { $0 < 60 }, "\(delays)")
    // A tone that is stretched or shortened by 10 ms now and then is a tone.
    let heard = listener.heard.last(120)
    #expect(abs(Sound.level(of: 713 * (1 + drift * 1e-6), in: heard.suffix(8_000), rate: 8_000) + 17) < 2)
    let statistics = stage.statistics(of: talker)
    #expect(statistics.packetsLost == 0)
    #expect(statistics.packetsLate < 30, "\(statistics.packetsLate)")
    let pieces = stride(from: 0, to: heard.count - 160, by: 160).map { Sound.power(heard[$0..<$0 + 160]) }
    #expect(pieces.count { $0 < -24 } < 6, "holes")
  }

  @Test func aStalledServerGoesOnWithoutAFloodAndInTime() {
    let (stage, talker, listener) = pair(.pcmu)
    stage.run(seconds: 2)
    let before = listener.heard.packets.last
    stage.stall(milliseconds: 400)
    stage.run(seconds: 2)
    let after = listener.heard.packets
    guard let before, let index = after.firstIndex(of: before), index + 1 < after.count else { return }
    let step = Double(after[index + 1].timestamp &- before.timestamp) / 16_000
    #expect(abs(step - 0.42) < 0.001, "\(step)")
    #expect(after[index + 1].sequence == before.sequence &+ 1)
    #expect(abs(listener.level(of: 713) + 17) < 1.5)
    #expect(stage.statistics(of: talker).jitterBufferDelay < 60)
  }

  @Test func inactivityIsReportedOnceAndItsEndToo() {
    let stage = Stage(RoomPlan(inactivityTimeout: 3_000))
    let talker = stage.join(VirtualMember(1, .pcmu))
    let mute = stage.join(VirtualMember(2, .pcmu))
    mute.isSending = false
    stage.run(seconds: 1)
    talker.isSending = false
    stage.run(seconds: 10)
    #expect(stage.count { if case .mediaInactive(talker.leg) = $0 { true } else { false } } == 1)
    #expect(stage.count { if case .mediaInactive(mute.leg) = $0 { true } else { false } } == 1)
    #expect(stage.count { if case .mediaStarted(talker.leg) = $0 { true } else { false } } == 1)
    talker.isSending = true
    mute.isSending = true
    stage.run(seconds: 1)
    #expect(stage.count { if case .mediaResumed(talker.leg) = $0 { true } else { false } } == 1)
    #expect(stage.count { if case .mediaStarted(mute.leg) = $0 { true } else { false } } == 1)
    #expect(stage.count { if case .mediaResumed = $0 { true } else { false } } == 1)
  }

  @Test func whateverComesOnAPortIsCountedAndHarmless() {
    let (stage, talker, listener) = pair(.opus)
    var random = RandomSource.seeded(7)
    stage.run(seconds: 1)
    stage.run(ticks: 100) { _ in
      for _ in 0..<20 {
        var octets = (0..<Int(random.next() % 200)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        // Half of them look like RTP of the right source.
        if random.next() & 1 == 0, octets.count >= 12 {
          octets.replaceSubrange(0..<12, with: talker.packet([])[0..<12])
          octets[2] = UInt8(truncatingIfNeeded: random.next())
          octets[0] = 0x80 | UInt8(truncatingIfNeeded: random.next() & 0x3F)
        }
        stage.inject(octets, to: talker.leg, from: talker.address, channel: random.next() & 1 == 0 ? .rtp : .rtcp)
      }
    }
    stage.run(seconds: 3)
    #expect(abs(listener.level(of: 713) + 17) < 3)
  }
}
