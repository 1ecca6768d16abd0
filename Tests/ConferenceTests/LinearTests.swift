import Codecs
import Conference
import Primitives
import Testing

/// L16 at each of its rates, in mono and stereo, through a room.
@Suite struct LinearTests {
  static let formats: [CodecFormat] =
    CodecTable.linearRates.flatMap { rate in [CodecFormat.l16(rate), .l16(rate, channels: 2)] }

  @Test(arguments: formats) func everyRateIsHeardAndHears(format: CodecFormat) {
    let stage = Stage()
    // As long as the peer may send; what it gets is shorter where a datagram wants that.
    let time = format.longestPacketTime
    let linear = stage.join(VirtualMember(1, format, voice: Sound.bursts(713, on: 0.6, off: 0.1), packetTime: time))
    let other = stage.join(VirtualMember(2, .pcmu, voice: Sound.bursts(1_471, on: 0.5, off: 0.1)))
    stage.run(seconds: 5)
    for (member, heard, own) in [(linear, 1_471.0, 713.0), (other, 713, 1_471)] {
      let level = member.level(of: heard, last: 2)
      #expect(abs(level + 18) < 3, "\(level)")
      #expect(member.level(of: own, last: 2) < level - 25)
      #expect(member.heard.sequenceBreaks == 0)
    }
    #expect(linear.heard.packets.allSatisfy { $0.count <= CodecFormat.longestPayload && $0.count > 0 })
    #expect(stage.statistics(of: linear).packetsRejected == 0)
  }

  @Test func theLongestPacketsThatAreTaken() {
    #expect(CodecFormat.l16(8_000).longestPacketTime == 60)
    #expect(CodecFormat.l16(16_000).longestPacketTime == 60)
    #expect(CodecFormat.l16(44_100).longestPacketTime == 20)
    #expect(CodecFormat.l16(48_000).longestPacketTime == 20)
    #expect(CodecFormat.l16(44_100, channels: 2).longestPacketTime == 10)
    #expect(CodecFormat.l16(48_000, channels: 2).longestPacketTime == 10)
    #expect(CodecFormat.opus.longestPacketTime == 60)
  }
}
