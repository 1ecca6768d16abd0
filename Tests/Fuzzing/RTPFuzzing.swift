import Primitives
import RTP
import TestSupport
import Testing

/// RTP packets: header, extension elements, and the statistics of the stream that they make.
@Suite struct RTPFuzzing {
  static var seeds: [[UInt8]] {
    [
      Seeds.packet(type: 0, sequence: 1, timestamp: 160, ssrc: 7, payload: [UInt8](repeating: 0xFF, count: 160)),
      // One-byte and two-byte extensions, contributors, padding.
      [0x90, 111, 0, 1, 0, 0, 0, 1, 0, 0, 0, 7, 0xBE, 0xDE, 0, 1, 0x10, 0xFF, 0, 0, 1, 2, 3],
      [0x90, 111, 0, 1, 0, 0, 0, 1, 0, 0, 0, 7, 0x10, 0, 0, 1, 1, 1, 0x80, 0, 1, 2, 3],
      [0xB2, 96, 0, 1, 0, 0, 0, 1, 0, 0, 0, 7, 0, 0, 0, 1, 0, 0, 0, 2, 0xBE, 0xDE, 0, 0, 1, 2, 3, 2],
    ] + Seeds.datagrams(.rtp) + Seeds.files("fuzz/webrtc-corpora/rtp-corpus", "fuzz/pjproject/rtp")
      + Seeds.files("fuzz/webrtc-corpora").filter { $0.count < 2_048 }
  }

  @Test func packetsAreReadWithinTheirOctets() {
    var fuzzer = Fuzzer("rtp", seeds: Self.seeds, limit: 1_600)
    fuzzer.run { (input, random) throws(FuzzFailure) in
      let header: RTPHeader
      do throws(RTPError) { header = try RTPHeader.parse(input.span) } catch {
        var outcome = FuzzOutcome.refused
        outcome.add("\(error)")
        return outcome
      }
      let range = header.payloadRange
      try FuzzFailure.unless(
        range.lowerBound >= RTPHeader.size && range.upperBound <= input.count, "the payload lies in the packet")
      var outcome = FuzzOutcome.accepted
      outcome.add(header.contributorCount)
      outcome.add(header.padding)
      outcome.add(size: header.extensionCount)
      for id in 0...255 {
        guard let place = header.element(UInt8(id), in: input.span) else { continue }
        try FuzzFailure.unless(
          place.lowerBound >= header.extensionOffset
            && place.upperBound <= header.extensionOffset + header.extensionCount, "an element lies in the extension")
        outcome.add(id & 15)
        if let level = header.audioLevel(in: input.span, extensionID: UInt8(id)) {
          try FuzzFailure.unless(level.level <= 127, "a level has seven bits")
        }
      }
      try Self.count(header, random: &random)
      return outcome
    }.check()
  }

  /// The packet as one of many in a stream.
  static func count(_ header: RTPHeader, random: inout RandomSource) throws(FuzzFailure) {
    var stream = ReceiveStream(ssrc: header.ssrc, minimumSequential: random.inside(1...3))
    var header = header
    var now = Instant(nanoseconds: Int64(random.below(1 << 40)))
    var accepted = 0
    for _ in 0..<24 {
      if case .accepted = stream.receive(header, arrival: now, clockRate: 1 << random.below(20)) { accepted += 1 }
      header.sequence &+= UInt16(truncatingIfNeeded: random.once(in: 6) ? random.below(65_536) : 1)
      header.timestamp &+= UInt32(truncatingIfNeeded: random.once(in: 6) ? Int(random.next() >> 32) : 160)
      now = now.advanced(byNanoseconds: random.once(in: 12) ? Int64(random.next() >> 20) : 20_000_000)
      if random.once(in: 8), let block = stream.reportBlock(at: now) {
        try FuzzFailure.unless(
          (-0x80_0000...0x7F_FFFF).contains(block.cumulativeLost), "loss in a report has 24 bits")
      }
    }
    try FuzzFailure.unless(stream.packetsReceived == UInt64(accepted), "every accepted packet is counted once")
    try FuzzFailure.unless(stream.jitter.isFinite && stream.jitter >= 0, "jitter is a number")
  }
}
