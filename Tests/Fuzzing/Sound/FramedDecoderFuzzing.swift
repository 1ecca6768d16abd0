import Codecs
import Primitives
import TestSupport
import Testing

/// Payloads for the decoders whose codecs have memory from frame to frame, with losses between them: G.726, iLBC, Speex, GSM, AMR.
@Suite struct FramedDecoderFuzzing {
  private static func formats(_ codecs: CodecName...) -> [CodecFormat] {
    CodecTable.rows.map(\.format).filter { codecs.contains($0.codec) }
  }

  /// Payloads that follow an octet or two of length each, as in the `.frm` files of the references.
  private static func framed(_ folder: String, each: Int = 8) -> [[UInt8]] {
    Seeds.files(folder, suffix: ".frm").flatMap { file -> [[UInt8]] in
      var payloads: [[UInt8]] = []
      var reader = ByteReader(file.span)
      while payloads.count < each, let count = reader.readUInt16(), let payload = reader.readBytes(Int(count)) {
        if !payload.isEmpty { payloads.append(payload) }
      }
      return payloads
    }
  }

  /// Pieces of one length out of stored files, behind their heads.
  private static func pieces(_ folder: String, suffix: String, head: Int, length: Int, each: Int = 8) -> [[UInt8]] {
    Seeds.files(folder, suffix: suffix).flatMap { file in
      stride(from: head, to: file.count - length, by: length).prefix(each).map { Array(file[$0..<$0 + length]) }
    }
  }

  /// Stored frames with the head of a payload of one frame: no mode request, whole octets (RFC 4867, section 4.4).
  private static func stored(_ suffix: String, head: Int) -> [[UInt8]] {
    Seeds.files("codec/amr", suffix: suffix).map { [0xF0] + $0.dropFirst(head).prefix(62) }
  }

  private func run(_ name: String, _ formats: [CodecFormat], seeds: [[UInt8]]) {
    let seeds = seeds + [[], [0], [UInt8](repeating: 0xFF, count: 62), [UInt8](repeating: 0, count: 33)]
    var fuzzer = Fuzzer(name, seeds: seeds, limit: 512, generate: { $0.octets($0.below(80)) })
    fuzzer.run { (input, random) throws(FuzzFailure) in
      guard let format = random.one(of: formats) else { throw FuzzFailure("there is such a format") }
      var decoder = AudioDecoder(format: format, outputRate: format.sampleRate)
      var outcome = FuzzOutcome.accepted
      // What is said of a packet before it is decoded must not trap either.
      _ = AudioDecoder.packetDuration(format, payload: input.span)
      for _ in 0..<6 {
        var payload = input
        if random.below(3) == 0 { payload = Array(payload.prefix(random.below(payload.count + 1))) }
        if random.below(3) == 0, !payload.isEmpty {
          payload[random.below(payload.count)] ^= UInt8(1 << random.below(8))
        }
        try DecoderFuzzing.step(&decoder, payload, room: random.below(4_000), which: random.below(5), &outcome)
      }
      return outcome
    }.check()
  }

  @Test func anyPayloadOfG726() { run("g726", Self.formats(.g726), seeds: []) }

  @Test func anyPayloadOfILBC() {
    run(
      "ilbc", [.ilbc(.twentyMilliseconds), .ilbc(.thirtyMilliseconds)],
      seeds: Self.pieces("codec/ilbc", suffix: ".lbc", head: 9, length: 38)
        + Self.pieces("codec/ilbc", suffix: ".lbc", head: 9, length: 50))
  }

  @Test func anyPayloadOfSpeex() { run("speex", Self.formats(.speex), seeds: Self.framed("codec/speex")) }

  #if G729
    @Test func anyPayloadOfG729() {
      run("g729", Self.formats(.g729), seeds: Self.pieces("codec/g729", suffix: ".g729", head: 0, length: 20))
    }
  #endif

  @Test func anyPayloadOfGSMAndAMR() {
    // Both packings of the payload.
    let aligned = ["AMR", "AMR-WB"].compactMap {
      CodecTable.lookup(encodingName: $0, clockRate: $0 == "AMR" ? 8_000 : 16_000, fmtp: "octet-align=1")
    }
    run(
      "gsm-amr", Self.formats(.gsm, .amr, .amrWB) + aligned,
      seeds: Self.stored(".amr", head: 6) + Self.stored(".awb", head: 9) + [
        [0xD0] + [UInt8](repeating: 0x5A, count: 32)
      ])
  }
}
