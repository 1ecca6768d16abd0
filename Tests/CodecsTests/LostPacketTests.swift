import Primitives
import TestSupport
import Testing

@testable import Codecs

/// Real voices with losses in the codecs of which there is no reference file: what other programs' concealment makes of the same
/// losses is what `Tests/Interop/test_quality.py` compares ours with, by PESQ.
@Suite struct LostPacketTests {
  /// A voice, its packets of 20 ms, and which of them arrive.
  struct Case: Sendable, CustomTestStringConvertible {
    var codec: String
    var format: CodecFormat
    var voice: String
    /// `loss-r5` or `loss-burst`.
    var loss: String
    /// A stored file of frames of this many octets, with a head before them; nil for our own encoder.
    var stored: (path: String, head: Int, size: Int)?
    var testDescription: String { "\(codec)-\(loss)-\(voice)" }
  }

  private static let losses = ["loss-r5", "loss-burst"]
  private static let voices = ["s01_en_f_allison", "s02_it_m_carlo", "s03_fr_f_june"]
  private static let own: [(String, CodecFormat)] = [
    ("pcmu", .pcmu), ("pcma", .pcma), ("l16-8k", .l16(8_000)), ("l16-16k", .l16(16_000)), ("g722", .g722),
    ("g726-16", .g726(.kilobits16)), ("g726-32", .g726(.kilobits32)), ("gsm", .gsm),
  ]

  static var all: [Case] {
    losses.flatMap { loss in
      own.flatMap { name, format in
        voices.map { Case(codec: name, format: format, voice: $0, loss: loss) }
      } + stored(loss)
    }
  }

  private static func stored(_ loss: String) -> [Case] {
    let files = [
      ("amr", "s01_en_f_allison", "amrnb-m7.amr", 6, 32), ("amr", "s02_it_m_carlo", "amrnb-m0.amr", 6, 13),
      ("amr-wb", "s01_en_f_allison", "amrwb-m2.awb", 9, 33), ("amr-wb", "s07_en_f_alsa", "amrwb-m8.awb", 9, 61),
    ]
    return files.compactMap { codec, voice, ending, head, size in
      CodecTable.lookup(
        encodingName: codec.uppercased(), clockRate: codec == "amr" ? 8_000 : 16_000, fmtp: "octet-align=1"
      ).map {
        Case(
          codec: codec, format: $0, voice: voice, loss: loss,
          stored: ("codec/amr/\(voice).\(ending)", head, size))
      }
    }
  }

  @Test(.enabled(if: Vectors.isPresent), arguments: all)
  func aLostPacketIsMadeUpFor(_ lost: Case) throws {
    let frame = lost.format.sampleRate / 50
    let speech = try Vectors.samples("speech/\(lost.voice).\(lost.format.sampleRate / 1_000)k.wav")
    let packets = try Self.packets(lost, speech)
    let pattern = try FramedVector.arrivals("codec/ilbc/s01_en_f_allison.ilbc20.\(lost.loss).txt")
    try #require(packets.count > 100 && pattern.contains(false))
    var holed = AudioDecoder(format: lost.format, outputRate: lost.format.sampleRate)
    var mended = AudioDecoder(format: lost.format, outputRate: lost.format.sampleRate)
    var (arrived, concealed) = ([Int16](), [Int16]())
    var (real, made) = (0.0, 0.0)
    for (index, packet) in packets.enumerated() {
      if pattern[index % pattern.count] {
        concealed += mended.samples(packet)
        // Without anything between, as a concealment outside of the decoder finds it.
        arrived += holed.samples(packet)
      } else {
        let piece = mended.concealed(frame)
        concealed += piece
        arrived += [Int16](repeating: 0, count: frame)
        made += Self.energy(piece[...])
        real += Self.energy(speech.dropFirst(index * frame).prefix(frame))
      }
    }
    #expect(concealed.count == packets.count * frame)
    try SpeechFolder.keep(concealed, "made-up-\(lost.testDescription)")
    if lost.stored == nil { try SpeechFolder.keep(arrived, "arrived-\(lost.testDescription)") }
    // Neither a hole nor a bang; AMR soon falls silent in a burst.
    let softest = lost.loss == "loss-r5" ? real / 10 : real / 100
    #expect(made > softest && made < real * 2, "\(made) for \(real)")
  }

  private static func energy(_ samples: ArraySlice<Int16>) -> Double {
    samples.reduce(0) { $0 + Double($1) * Double($1) }
  }

  private static func packets(_ lost: Case, _ speech: [Int16]) throws -> [[UInt8]] {
    if let stored = lost.stored {
      let octets = try Vectors.bytes(stored.path)
      // No mode is asked for; the head of a stored frame is that of a payload's only one (RFC 4867, sections 4.4 and 5.3).
      return stride(from: stored.head, to: octets.count - stored.size + 1, by: stored.size).map {
        [0xF0] + octets[$0..<$0 + stored.size]
      }
    }
    let rate = lost.format.sampleRate
    var encoder = try AudioEncoder(format: lost.format, sampleRate: rate, bitRate: 0, complexity: 0)
    return stride(from: 0, to: speech.count - rate / 50 + 1, by: rate / 50).map {
      encoder.packet(Array(speech[$0..<$0 + rate / 50]))
    }
  }
}
