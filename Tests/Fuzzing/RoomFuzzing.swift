import Audio
import Codecs
import Conference
import Primitives
import RTP
import TestSupport
import Testing

/// Datagrams for a whole room, proper and foreign and broken, while time passes and commands come.
///
/// ```
/// octet    what happens            arguments
/// 0–95     a member speaks         number of packets (4 bits)
/// 96–143   the script's octets     count (8), octets
/// 144–175  a seed, one bit turned  seed (16), bit (16)
/// 176–223  a tick
/// 224–231  time passes             16 bits of milliseconds, then a tick
/// 232–239  a command               which (8)
/// 240–     a report                kind (8)
/// ```
@Suite struct RoomFuzzing {
  static let steady: [UInt8] = (0..<6).flatMap { _ in [0, 1, 1, 1, 2, 1, 3, 1, 180] as [UInt8] }
  static let scripts: [[UInt8]] = [
    steady, steady + (0..<24).flatMap { [232, $0, 180] as [UInt8] } + steady,
    steady + [240, 0, 241, 1, 242, 2, 243, 3] + steady, (0..<12).flatMap { [144, 0, $0, 0, 80, 180] as [UInt8] },
    steady + [224, 0x40, 0] + steady,
    steady + [96, 16, 0x80, 0x65, 0, 9, 0, 0, 0, 0, 0, 0, 0, 1, 5, 0x8A, 3, 32] + steady,
  ]

  /// What stands behind all scripts: packets of every kind.
  static let packets: [[UInt8]] =
    RTPFuzzing.seeds + RTCPFuzzing.own + Seeds.datagrams(.rtcp, each: 4)
    + Seeds.files("fuzz/webrtc-corpora/stun-corpus", "fuzz/pjproject/stun", limit: 1_500)

  @Test func noDatagramHarmsARoom() {
    #expect(Set(Self.packets.map { PacketKind.classify($0.span) }).isSuperset(of: [.rtp, .rtcp]))
    var fuzzer = Fuzzer("room", seeds: Self.scripts, limit: 200)
    fuzzer.run { (input, random) throws(FuzzFailure) in
      var play = RoomScript(random: &random, packets: Self.packets)
      try play.run(input, random: &random)
      return play.outcome
    }.check()
  }

  @Test func everyDatagramIsOfSomeKind() {
    var fuzzer = Fuzzer("packet-kind", seeds: Self.packets, limit: 128)
    fuzzer.settings.seconds = min(fuzzer.settings.seconds, 2)
    fuzzer.run { (input, _) throws(FuzzFailure) in
      let kind = PacketKind.classify(input.span)
      if (try? RTPHeader.parse(input.span)) != nil {
        try FuzzFailure.unless(kind == .rtp || kind == .rtcp, "what parses as RTP is taken for RTP or RTCP")
      }
      if input.count >= 2, (192...223).contains(input[1]), (try? RTCPCompound.parse(input.span)) != nil {
        try FuzzFailure.unless(kind == .rtcp, "what parses as RTCP is taken for RTCP")
      }
      var outcome = kind == .other ? FuzzOutcome.refused : FuzzOutcome.accepted
      outcome.add("\(kind)")
      return outcome
    }.check()
  }
}
