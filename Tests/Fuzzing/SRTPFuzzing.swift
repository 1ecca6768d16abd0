import Primitives
import SecureRTP
import TestSupport
import Testing

/// Protected packets, and the lines of a session description that go with them.
@Suite struct SRTPFuzzing {
  static let key = "WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz"

  static func keys(_ profile: SRTPProfile) -> SRTPKeys {
    var random = RandomSource.seeded(1)
    return SRTPKeys(profile: profile, using: &random)
  }

  /// The profile's place in one octet, RTP or RTCP in its top bit, and the packet behind it.
  static var seeds: [[UInt8]] {
    var seeds: [[UInt8]] = []
    for (place, profile) in SRTPProfile.allCases.enumerated() {
      guard var context = try? SRTPContext(profile: profile, keys: keys(profile), direction: .outgoing) else {
        continue
      }
      for sequence in UInt16(1)...3 {
        var packet = Seeds.packet(
          type: 111, sequence: sequence, timestamp: 960, ssrc: 7, payload: [UInt8](repeating: 5, count: 30))
        let count = packet.count
        packet += [UInt8](repeating: 0, count: profile.rtpTagCount)
        var span = packet.mutableSpan
        if (try? context.protect(rtp: &span, count: count)) != nil { seeds.append([UInt8(place)] + packet) }
      }
      var report: [UInt8] = [0x80, 201, 0, 1, 0, 0, 0, 7] + [0x81, 202, 0, 2, 0, 0, 0, 7, 1, 2, 97, 98]
      let count = report.count
      report += [UInt8](repeating: 0, count: profile.rtcpOverhead)
      var span = report.mutableSpan
      if (try? context.protect(rtcp: &span, count: count)) != nil { seeds.append([0x80 | UInt8(place)] + report) }
    }
    return seeds + Seeds.files("fuzz/pjproject/srtp", limit: 1_600).map { [0] + $0 }
  }

  @Test func packetsAreOpenedWithinTheirOctets() {
    let keys = SRTPProfile.allCases.map { Self.keys($0) }
    var fuzzer = Fuzzer("srtp", seeds: Self.seeds, limit: 1_600)
    fuzzer.run { (input, random) throws(FuzzFailure) in
      guard let first = input.first else { return .refused }
      let place = Int(first & 0x7F) % keys.count
      let profile = SRTPProfile.allCases[place]
      let isRTCP = first & 0x80 != 0
      let packet = Array(input.dropFirst())
      guard var context = try? SRTPContext(profile: profile, keys: keys[place], direction: .incoming) else {
        throw FuzzFailure("a context can be made")
      }
      switch Self.open(packet, isRTCP: isRTCP, &context) {
      case .failure(let error):
        try FuzzFailure.unless(context.sourceCount == 0, "a refused packet leaves nothing behind")
        var outcome = FuzzOutcome.refused
        outcome.add("\(error)")
        outcome.add(place)
        return outcome
      case .success(let count):
        let overhead = isRTCP ? profile.rtcpOverhead : profile.rtpTagCount
        try FuzzFailure.unless(count == packet.count - overhead, "an opened packet is as long as it was")
        let again = Self.open(packet, isRTCP: isRTCP, &context)
        try FuzzFailure.unless(again == .failure(.replayed), "an opened packet is refused the second time", "\(again)")
        var outcome = FuzzOutcome.accepted
        outcome.add(place)
        outcome.add(isRTCP)
        return outcome
      }
    }.check()
  }

  private static func open(
    _ packet: [UInt8], isRTCP: Bool, _ context: inout SRTPContext
  ) -> Result<Int, SRTPError> {
    var packet = packet
    let count = packet.count
    var span = packet.mutableSpan
    do throws(SRTPError) {
      let plain =
        isRTCP ? try context.unprotect(rtcp: &span, count: count) : try context.unprotect(rtp: &span, count: count)
      return .success(plain)
    } catch { return .failure(error) }
  }

  @Test func cryptoLinesThatReadPrintAndReadTheSame() {
    let seeds = [
      "1 AES_CM_128_HMAC_SHA1_80 inline:\(Self.key)|2^20|1:32", "22 AES_CM_128_HMAC_SHA1_32 inline:\(Self.key)|2^31",
      "3 AES_CM_128_HMAC_SHA1_80 inline:\(Self.key)|1048576 WSH=64 -X=1",
      SDESCrypto(tag: 4, profile: .aeadAES128GCM, keys: Self.keys(.aeadAES128GCM)).value,
      SDESCrypto(tag: 5, profile: .aeadAES256GCM, keys: Self.keys(.aeadAES256GCM)).value,
    ]
    let tokens = SRTPProfile.allCases.map(\.sdesName) + ["inline:", "|", "2^48", ":", ";", "=", " ", "KDR=1", "WSH="]
    var fuzzer = Fuzzer("sdes", seeds: seeds.map { Array($0.utf8) }, tokens: tokens, isText: true, limit: 600)
    fuzzer.run { (input, _) throws(FuzzFailure) in
      let crypto: SDESCrypto
      do throws(SDESError) { crypto = try SDESCrypto.parse(String(decoding: input, as: UTF8.self)) } catch {
        var outcome = FuzzOutcome.refused
        outcome.add("\(error)")
        return outcome
      }
      try FuzzFailure.unless(
        (try? SDESCrypto.parse(crypto.value)) == crypto, "what reads prints and reads the same", crypto.value)
      var outcome = FuzzOutcome.accepted
      outcome.add("\(crypto.profile)")
      outcome.add(crypto.lifetime != nil)
      return outcome
    }.check()
  }

  @Test func fingerprintsThatReadPrintAndReadTheSame() {
    let seeds = Fingerprint.Algorithm.allCases.compactMap {
      Fingerprint($0, octets: [UInt8](repeating: 0xA5, count: $0.count)).map { Array("\($0)".utf8) }
    }
    let tokens = ["sha-256", "sha-1", "md5", ":", " ", "+B", "-1", "ff", "٣٣"]
    var fuzzer = Fuzzer("fingerprint", seeds: seeds, tokens: tokens, isText: true, limit: 300)
    fuzzer.run { (input, _) throws(FuzzFailure) in
      guard let fingerprint = Fingerprint(String(decoding: input, as: UTF8.self)) else { return .refused }
      try FuzzFailure.unless(
        Fingerprint("\(fingerprint)") == fingerprint, "what reads prints and reads the same", "\(fingerprint)")
      try FuzzFailure.unless(
        !fingerprint.matches(certificate: input), "no certificate fits", "\(fingerprint)")
      var outcome = FuzzOutcome.accepted
      outcome.add("\(fingerprint.algorithm)")
      return outcome
    }.check()
  }
}
