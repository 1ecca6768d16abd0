import Codecs
import Primitives
import TestSupport
import Testing

/// Opus packets for our wrapper of libopus, with concealment, in-band FEC and forks between them.
@Suite struct OpusFuzzing {
  /// Packets of the references: `opus_demo` files hold length, final range and octets of each.
  static var seeds: [[UInt8]] {
    var seeds: [[UInt8]] = [[0xF8, 0xFF, 0xFE], [0x08], [0x4B, 0x83, 1, 2, 3, 4, 5, 6], [0xFF, 0x3F]]
    for name in (try? Vectors.list("codec/opus")) ?? [] where name.hasSuffix(".bit") {
      guard let file = try? Vectors.bytes("codec/opus/\(name)") else { continue }
      var reader = ByteReader(file.span)
      var packets = 0
      while packets < 40, let count = reader.readUInt32(), reader.skip(4), let packet = reader.readBytes(Int(count)) {
        packets += 1
        if packets % 8 == 0 { seeds.append(packet) }
      }
    }
    return seeds
  }

  @Test func anyPacketIsDecodedOrRefused() {
    var fuzzer = Fuzzer("opus", seeds: Self.seeds, limit: 1_500)
    fuzzer.run { (input, random) throws(FuzzFailure) in
      let rate = [8_000, 12_000, 16_000, 24_000, 48_000][random.below(5)]
      var outcome = try Self.duration(input, rate: rate)
      var decoder = AudioDecoder(format: .opus, outputRate: rate)
      try FuzzFailure.unless(decoder.outputRate == rate, "Opus decodes at each of its rates")
      for _ in 0..<3 {
        try DecoderFuzzing.step(&decoder, input, room: random.below(rate / 8 + 8), which: random.below(4), &outcome)
      }
      return outcome
    }.check()
  }

  /// How long a packet says that it is, and how long it turns out to be.
  private static func duration(_ packet: [UInt8], rate: Int) throws(FuzzFailure) -> FuzzOutcome {
    guard let decoder = try? OpusDecoder(sampleRate: rate, channels: 1) else {
      throw FuzzFailure("Opus decodes at each of its rates")
    }
    var samples = [Int16](repeating: 0, count: rate * OpusDecoder.maximumPacketTime / 1_000)
    let fork = decoder.fork()
    var span = samples.mutableSpan
    let count = decoder.decode(packet.span, into: &span)
    let said = OpusPacket.duration(packet.span)
    guard count > 0 else { return .refused }
    try FuzzFailure.unless(said.map { $0 * rate / 48_000 } == count, "a packet is as long as it says", "\(count)")
    try FuzzFailure.unless(fork.decode(packet.span, into: &span) == count, "a fork decodes the same")
    try FuzzFailure.unless(fork.finalRange == decoder.finalRange, "a fork is in step")
    var outcome = FuzzOutcome.accepted
    outcome.add(Int(packet.first ?? 0) >> 2)
    outcome.add(size: count)
    return outcome
  }
}
