import Codecs
import Primitives
import RTP
import Testing

@testable import Conference

/// What a receiver says in `a=fmtp` (RFC 7587, section 6.1) shows in the packets that it gets.
@Suite struct OpusParameterTests {
  /// What a listener with these wishes gets of a wideband noise with pauses.
  static func packets(
    _ fmtp: String, packetTime: Int = 20, seconds: Double = 2, _ change: (Stage, VirtualMember) -> Void = { _, _ in }
  ) -> [[UInt8]] {
    let stage = Stage()
    stage.join(VirtualMember(1, .l16(48_000), voice: Self.hiss, packetTime: 10))
    let listener = VirtualMember(2, CodecFormat.opus.reading(fmtp: fmtp), packetTime: packetTime)
    stage.join(listener)
    change(stage, listener)
    stage.run(seconds: seconds)
    return listener.heardPayloads
  }

  /// A sound without a pitch, the same each time, up to the highest frequencies.
  @Sendable static func hiss(_ time: Double) -> Double {
    var seed = UInt64(max(time, 0) * 48_000 + 0.5) &* 0x9E37_79B9_7F4A_7C15
    seed ^= seed >> 29
    seed = seed &* 0xBF58_476D_1CE4_E5B9
    seed ^= seed >> 32
    return (Double(seed % 65_536) / 32_768 - 1) * 0.1
  }

  /// Without the first half second, in which rates settle.
  static func settled(_ packets: [[UInt8]]) -> ArraySlice<[UInt8]> { packets.dropFirst(packets.count / 4) }

  /// Bit/s of the payloads.
  static func bitRate(_ packets: ArraySlice<[UInt8]>, packetTime: Int = 20) -> Double {
    Double(packets.reduce(0) { $0 + $1.count }) * 8_000 / Double(packets.count * packetTime)
  }

  @Test(arguments: [8_000, 12_000, 16_000, 24_000, 48_000]) func maximumPlaybackRateBoundsTheBandwidth(rate: Int) {
    let packets = Self.packets("maxplaybackrate=\(rate);maxaveragebitrate=64000")
    let rates = Set(Self.settled(packets).map { OpusPacket.audibleRate($0.first ?? 0) })
    #expect(rates.max().map { $0 <= rate } ?? false, "\(rates)")
    #expect(packets.count > 90)
    // Who can play more gets more.
    if rate <= 16_000 {
      #expect(rates == [rate])
    } else {
      #expect(rates.max().map { $0 > 16_000 } ?? false, "\(rates)")
    }
  }

  @Test(arguments: [6_000, 8_000, 12_000, 16_000, 20_000], [20, 60]) func maximumAverageBitRateIsKept(
    rate: Int, packetTime: Int
  ) {
    let packets = Self.settled(
      Self.packets("maxaveragebitrate=\(rate)", packetTime: packetTime, seconds: 4))
    let actual = Self.bitRate(packets, packetTime: packetTime)
    #expect(actual <= Double(rate) * 1.02 && actual > Double(rate) * 0.5, "\(actual)")
  }

  @Test func whoAsksForMoreThanTheRoomGivesGetsWhatTheRoomGives() {
    let actual = Self.bitRate(Self.settled(Self.packets("maxaveragebitrate=510000")))
    #expect(actual < 26_000 && actual > 16_000, "\(actual)")
  }

  @Test func constantBitRateMeansPacketsOfOneSize() {
    #expect(Set(Self.settled(Self.packets("cbr=1;maxaveragebitrate=16000")).map(\.count)) == [40])
    #expect(Set(Self.settled(Self.packets("cbr=1")).map(\.count)) == [60])
    #expect(Set(Self.settled(Self.packets("cbr=0")).map(\.count)).count > 3)
  }

  @Test func discontinuousTransmissionSendsLittleInSilence() {
    func count(_ fmtp: String) -> Int {
      let stage = Stage()
      stage.join(VirtualMember(1, .l16(48_000), voice: Sound.only(Self.hiss, from: 0, to: 0.5), packetTime: 10))
      let listener = stage.join(VirtualMember(2, CodecFormat.opus.reading(fmtp: fmtp)))
      stage.run(seconds: 1.5)
      let before = listener.heardPayloads.count
      stage.run(seconds: 2)
      return listener.heardPayloads.count - before
    }
    #expect(count("usedtx=1") <= 8)
    #expect(count("usedtx=0") == 100)
  }

  /// RFC 6716, section 4.2.3: the first bits of a SILK frame say where there is a voice, the next one whether the copy of the
  /// packet before follows.
  static func copies(_ packets: some Sequence<[UInt8]>) -> Int {
    packets.count { $0.count > 1 && $0[0] &>> 3 < 16 && $0[1] & 0x40 != 0 }
  }

  @Test(arguments: [("useinbandfec=1", true), ("useinbandfec=0", false), ("", false)])
  func copiesAgainstLossComeToWhoAskedForThemAndLoses(fmtp: String, isWanted: Bool) {
    let stage = Stage()
    stage.join(VirtualMember(1, .pcmu, voice: Sound.bursts(313, on: 0.4, off: 0.1)))
    let listener = stage.join(VirtualMember(2, CodecFormat.opus.reading(fmtp: fmtp)))
    stage.run(seconds: 2)
    #expect(Self.copies(listener.heardPayloads) == 0)
    let block = ReportBlock(
      ssrc: listener.heard.packets.first?.ssrc ?? 0, fractionLost: 26, cumulativeLost: 10, highestSequence: 0,
      jitter: 0, lastSenderReport: 0, delaySinceLastSenderReport: 0)
    let report = RTCPCompound.encode([.receiverReport(ReceiverReport(ssrc: listener.ssrc, blocks: [block]))])
    stage.inject(report, to: listener.leg, from: listener.address, channel: .rtcp)
    let before = listener.heardPayloads.count
    stage.run(seconds: 2)
    let copies = Self.copies(listener.heardPayloads.dropFirst(before))
    #expect(isWanted ? copies > 20 : copies == 0, "\(copies)")
  }

  @Test(arguments: [10, 20, 40, 60]) func packetsLastAsLongAsAgreed(packetTime: Int) {
    let packets = Self.packets("", packetTime: packetTime)
    #expect(Set(packets.map { OpusPacket.duration($0.span) }) == [packetTime * 48])
    #expect(abs(packets.count - 2_000 / packetTime) <= 3)
  }

  /// RFC 7587, section 6.1: `stereo` is what a receiver would like, not what it must get.
  @Test(arguments: ["stereo=1", "stereo=0"]) func allIsSentInMono(fmtp: String) {
    #expect(Set(Self.packets(fmtp, seconds: 1).map { ($0.first ?? 0xFF) & 4 }) == [0])
  }
}
