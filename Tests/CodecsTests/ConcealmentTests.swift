import Primitives
import TestSupport
import Testing

@testable import Codecs

/// Real voices with the losses of the reference files, decoded as a leg decodes them: near to what the reference decoder made of
/// the same. Both are judged by PESQ in `Tests/Interop/test_quality.py`.
@Suite struct ConcealmentTests {
  /// A reference file, and how it came about.
  struct Case: Sendable, CustomTestStringConvertible {
    /// In `codec`, without its ending.
    var reference: String
    var format: CodecFormat
    /// Hertz of the reference.
    var rate: Int
    /// The frames that were sent, and which of them arrived.
    var packets: String
    var pattern: String
    /// Lost packets are made again from the copies in their successors.
    var usesCopies = false
    var testDescription: String { reference }
  }

  static let all: [Case] = ilbc + speex + opus + g729

  static let ilbc: [Case] = ["s01_en_f_allison", "s05_de_f_espeak"].flatMap { name in
    [(20, ILBCFrame.twentyMilliseconds), (30, .thirtyMilliseconds)].flatMap { time, frame in
      ["loss-r5", "loss-burst"].map { loss in
        Case(
          reference: "ilbc/\(name).ilbc\(time).rfc3951.\(loss).dec-rfc3951", format: .ilbc(frame), rate: 8_000,
          packets: "ilbc/\(name).ilbc\(time).rfc3951.lbc", pattern: "ilbc/\(name).ilbc\(time).\(loss).txt")
      }
    }
  }

  static let speex: [Case] = [("nb", 8_000, "loss-r5"), ("wb", 16_000, "loss-burst")].map { band, rate, loss in
    let name = "speex/s01_en_f_allison.speex-\(band)-q8"
    return Case(
      reference: "\(name).\(loss).dec", format: .speex(rate), rate: rate, packets: "\(name).frm",
      pattern: "\(name).\(loss).txt")
  }

  static let opus: [Case] = [false, true].map { usesCopies in
    let name = "opus/s02_it_m_carlo.opus-16k-24k-20ms-fec"
    return Case(
      reference: "\(name).loss-r5.\(usesCopies ? "fec" : "plc").dec16k", format: .opus, rate: 16_000,
      packets: "\(name).bit", pattern: "\(name).loss-r5.txt", usesCopies: usesCopies)
  }

  static var g729: [Case] {
    #if G729
      let name = "g729/s01_en_f_allison.g729a"
      return [
        Case(
          reference: "\(name).loss-r5.dec-bcg729", format: .g729, rate: 8_000, packets: "\(name).g729",
          pattern: "\(name).loss-r5.txt")
      ]
    #else
      return []
    #endif
  }

  @Test(.enabled(if: Vectors.isPresent), arguments: all)
  func aVoiceWithLossesIsAsTheReferenceMakesIt(_ loss: Case) throws {
    let packets = try Self.packets("codec/\(loss.packets)")
    let arrivals = try FramedVector.arrivals("codec/\(loss.pattern)")
    let reference = try Vectors.samples("codec/\(loss.reference).wav")
    let frame = reference.count / arrivals.count
    try #require(packets.count >= arrivals.count && frame > 0 && arrivals.contains(false))
    var decoder = AudioDecoder(format: loss.format, outputRate: loss.rate)
    var samples: [Int16] = []
    for (index, arrived) in arrivals.enumerated() {
      if arrived {
        samples += decoder.samples(packets[index])
      } else if loss.usesCopies, index + 1 < arrivals.count, arrivals[index + 1] {
        samples += decoder.lost(frame, before: packets[index + 1])
      } else {
        samples += decoder.concealed(frame)
      }
    }
    try SpeechFolder.keep(samples, "concealed-\(loss.reference.split(separator: "/").last ?? "")")
    #expect(samples.count == reference.count)
    let error = zip(samples, reference).reduce(0.0) { $0 + Self.power(Int($1.0) - Int($1.1)) }
    let signal = reference.reduce(0.0) { $0 + Self.power(Int($1)) }
    // 40 dB.
    #expect(error * 10_000 < signal)
  }

  private static func power(_ value: Int) -> Double { Double(value) * Double(value) }

  /// One packet for each frame of the file.
  private static func packets(_ path: String) throws -> [[UInt8]] {
    if path.hasSuffix(".frm") { return try FramedVector.payloads(path) }
    let octets = try Vectors.bytes(path)
    if path.hasSuffix(".bit") {
      var packets: [[UInt8]] = []
      var reader = ByteReader(octets.span)
      // The final range of the encoder stands between.
      while let count = reader.readUInt32(), reader.skip(4), let packet = reader.readBytes(Int(count)) {
        packets.append(packet)
      }
      return packets
    }
    let (head, size) = path.hasSuffix(".g729") ? (0, 10) : path.contains("ilbc20") ? (9, 38) : (9, 50)
    return stride(from: head, to: octets.count - size + 1, by: size).map { Array(octets[$0..<$0 + size]) }
  }
}
