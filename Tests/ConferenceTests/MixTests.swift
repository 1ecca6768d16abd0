import RTP
import Primitives
import Codecs
import Conference
import Testing

/// Who hears whom, how loud, and at which rate.
@Suite struct MixTests {
  static let formats: [CodecFormat] = [.pcmu, .pcma, .g722, .l16(16_000), .opus]
  static let tones = [425.0, 713, 1_013, 1_471, 1_931]

  @Test func everybodyHearsTheOthersAndNotThemselvesWhateverTheirCodec() {
    let stage = Stage()
    for (index, format) in Self.formats.enumerated() {
      stage.join(VirtualMember(index + 1, format, voice: Sound.tone(Self.tones[index]), phase: Double(index) * 3))
    }
    stage.run(seconds: 3)
    for (index, member) in stage.members.enumerated() {
      for (other, tone) in Self.tones.enumerated() {
        let level = member.level(of: tone)
        if other == index {
          #expect(level < -60, "\(Self.formats[index].codec) hears itself at \(level)")
        } else {
          // At 24 kbit/s Opus gives four tones at a time away by 2 dB.
          let tolerance = Self.formats[index].codec == .opus ? 2.5 : 1.5
          #expect(
            abs(level + 17) < tolerance,
            "\(Self.formats[index].codec) hears \(Self.formats[other].codec) at \(level)")
        }
      }
      let others = Self.tones.enumerated().filter { $0.offset != index }.map(\.element)
      let noise = Sound.signalToNoise(member.heard.last(1), tones: others, rate: member.heard.rate)
      #expect(noise > (Self.formats[index].codec == .opus ? 12 : 22), "\(Self.formats[index].codec): \(noise) dB")
    }
    #expect(stage.rates == [48_000])
  }

  @Test(arguments: formats)
  func threeMembersOfOneCodecHearEachOther(format: CodecFormat) {
    let stage = Stage()
    let members = (0..<3).map { VirtualMember($0 + 1, format, voice: Sound.tone(Self.tones[$0])) }
    for member in members { stage.join(member) }
    stage.run(seconds: 2.5)
    for (index, member) in members.enumerated() {
      for other in 0..<3 {
        let level = member.level(of: Self.tones[other])
        #expect(other == index ? level < -60 : abs(level + 17) < 1.5, "\(format.codec): \(level)")
      }
    }
  }

  @Test func theServerAddsAtMostOneTickToTheJitterBuffer() {
    let stage = Stage()
    let talker = stage.join(VirtualMember(1, .pcmu, voice: Sound.bursts(1_000, on: 0.2, off: 0.8, start: 0.5)))
    let listener = stage.join(VirtualMember(2, .pcmu))
    stage.run(seconds: 4)
    // The listener's stream began with the first tick, at 20 ms; what is heard at sample n is played then.
    let first = listener.heard.packets.first?.at.nanoseconds ?? 0
    let offset = Double(first) / 1e9
    let samples = listener.heard.samples
    let onset = samples.indices.first { $0 > 3 * 8_000 && abs(Int(samples[$0])) > 2_000 } ?? 0
    // Spoken at 3.5 s; a packet of 20 ms is complete at 3.52 s.
    let delay = offset + Double(onset) / 8_000 - 3.52
    #expect(delay < 0.045, "\(delay) s")
    #expect(talker.sent > 190)
  }

  @Test func theRateOfTheRoomFollowsItsMembersWithoutAClick() {
    let stage = Stage()
    let talker = stage.join(VirtualMember(1, .pcmu, voice: Sound.tone(425)))
    let listeners = [CodecFormat.pcmu, .g722, .opus].enumerated().map { VirtualMember($0.offset + 2, $0.element) }
    stage.join(listeners[0])
    stage.run(seconds: 2)
    stage.join(listeners[1])
    stage.run(seconds: 1)
    stage.join(listeners[2])
    stage.run(seconds: 1)
    let steadyWide = Sound.roughness(listeners[1].heard.last(0.4))
    stage.leave(listeners[2])
    stage.run(seconds: 1)
    stage.leave(listeners[1])
    stage.run(seconds: 1)
    #expect(stage.rates == [16_000, 48_000, 16_000, 8_000])
    // Mean curvature of the tone plus that of the companding.
    let heard = listeners[0].heard.samples
    let steady = Sound.roughness(heard[8_000..<15_000])
    let all = Sound.roughness(heard[8_000...])
    #expect(all < steady * 13 / 10, "\(all) against \(steady)")
    let wide = listeners[1].heard
    let wideAll = Sound.roughness(wide.samples[4_000...])
    #expect(wideAll < steadyWide * 13 / 10 + 60, "\(wideAll) against \(steadyWide)")
    _ = talker
  }

  @Test func aRoomKeepsToItsHighestRate() {
    let stage = Stage(RoomPlan(maximumSampleRate: 16_000))
    stage.join(VirtualMember(1, .opus, voice: Sound.tone(1_000)))
    let listener = stage.join(VirtualMember(2, .opus))
    stage.run(seconds: 2)
    #expect(stage.rates == [16_000])
    #expect(abs(listener.level(of: 1_000) + 17) < 1.5)
  }

  @Test func wideBandVoicesStayWideBand() {
    let stage = Stage()
    stage.join(VirtualMember(1, .g722, voice: Sound.tone(6_000)))
    // 20 ms of it would be more than a datagram.
    stage.join(VirtualMember(2, .l16(48_000), voice: Sound.tone(11_000), packetTime: 10))
    let wide = stage.join(VirtualMember(3, .g722))
    let linear = stage.join(VirtualMember(4, .l16(48_000), packetTime: 10))
    let narrow = stage.join(VirtualMember(5, .pcmu))
    stage.run(seconds: 2.5)
    #expect(abs(wide.level(of: 6_000) + 17) < 2)
    #expect(wide.level(of: 5_000) < -50, "11 kHz must not fold")
    #expect(abs(linear.level(of: 11_000) + 17) < 2)
    #expect(Sound.power(narrow.heard.last(1)) < -55, "6 and 11 kHz must not fold into 4 kHz")
  }

  @Test func anEchoRoomGivesEveryMemberItsOwnVoice() {
    let stage = Stage(RoomPlan(kind: .echo))
    let first = stage.join(VirtualMember(1, .opus, voice: Sound.tone(425)))
    let second = stage.join(VirtualMember(2, .pcmu, voice: Sound.tone(1_013)))
    stage.run(seconds: 2.5)
    #expect(abs(first.level(of: 425) + 17) < 2)
    #expect(first.level(of: 1_013) < -60)
    #expect(abs(second.level(of: 1_013) + 17) < 2)
    #expect(second.level(of: 425) < -60)
  }

  @Test func aRoomWithoutPacketsIsDigitallySilent() {
    let stage = Stage()
    let listener = stage.join(VirtualMember(1, .l16(16_000)))
    listener.isSending = false
    listener.voice = Sound.silence
    stage.run(seconds: 1)
    // Nothing has come from the listener: five packets and then none within this second.
    #expect(listener.heard.packets.count == 5)
    #expect(Sound.peak(listener.heard.samples) == 0)
  }
}
