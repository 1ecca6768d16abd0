import Codecs
import Primitives
import TestSupport
import Testing

/// Payloads of any length for the decoders without a C library, with losses between them.
@Suite struct DecoderFuzzing {
  static let formats: [CodecFormat] =
    [.pcmu, .pcma, .g722] + CodecTable.linearRates.map { .l16($0) } + [.l16(44_100, channels: 2)]

  @Test func anyPayloadIsDecodedWithinItsSpan() {
    let seeds = [[], [0], [UInt8](repeating: 0xFF, count: 160), [UInt8](repeating: 0x80, count: 1_500)]
    var fuzzer = Fuzzer("decoders", seeds: seeds, limit: 1_600, generate: { $0.octets($0.below(600)) })
    fuzzer.run { (input, random) throws(FuzzFailure) in
      let format = random.one(of: Self.formats) ?? .pcmu
      var decoder = AudioDecoder(format: format, outputRate: 48_000)
      var outcome = FuzzOutcome.accepted
      outcome.add(format.sampleRate)
      var place = 0
      for _ in 0..<4 {
        let end = min(input.count, place + random.below(input.count + 1))
        let payload = Array(input[place..<end])
        place = end
        try Self.step(&decoder, payload, room: random.below(3_000), which: random.below(4), &outcome)
      }
      if let ticks = AudioDecoder.packetDuration(format, payload: input.span) {
        try FuzzFailure.unless(
          ticks > 0 && ticks <= CodecFormat.longestPayload, "a packet lasts as long as its octets say")
      }
      return outcome
    }.check()
  }

  static func step(
    _ decoder: inout AudioDecoder, _ payload: [UInt8], room: Int, which: Int, _ outcome: inout FuzzOutcome
  ) throws(FuzzFailure) {
    var samples = [Int16](repeating: 0x5A5A, count: room)
    let count: Int
    do {
      var span = samples.mutableSpan
      count =
        switch which {
        case 0: decoder.conceal(samples: payload.count * 3 - 10, into: &span)
        case 1: decoder.decodeLost(using: payload.span, into: &span)
        default: decoder.decode(payload.span, into: &span)
        }
    }
    try FuzzFailure.unless(count >= 0 && count <= room, "no more samples than there is room for", "\(count) in \(room)")
    try FuzzFailure.unless(
      samples[count...].allSatisfy { $0 == 0x5A5A } || which < 2, "what is not said to be decoded is not touched")
    outcome.add(which)
    outcome.add(size: count)
  }
}
