import TestSupport
import Testing

@testable import Codecs

@Suite struct G711Tests {
  /// 16-bit little-endian words.
  private static func words(_ path: String) throws -> [Int16] {
    let octets = try Vectors.bytes(path)
    return stride(from: 0, to: octets.count - 1, by: 2).map {
      Int16(bitPattern: UInt16(octets[$0]) | UInt16(octets[$0 + 1]) << 8)
    }
  }

  @Test(.enabled(if: Vectors.isPresent)) func codesEverySampleAsTheITUReferenceDoes() throws {
    let source = try Self.words("codec/g711/stl/sweep.src")
    var octets = [UInt8](repeating: 0, count: source.count)
    var output = octets.mutableSpan
    #expect(G711.encodeULaw(source.span, into: &output) == 65_536)
    #expect(octets == (try Self.words("codec/g711/stl/sweep-r.u")).map { UInt8(truncatingIfNeeded: $0) })
    output = octets.mutableSpan
    #expect(G711.encodeALaw(source.span, into: &output) == 65_536)
    #expect(octets == (try Self.words("codec/g711/stl/sweep-r.a")).map { UInt8(truncatingIfNeeded: $0) })
  }

  @Test(.enabled(if: Vectors.isPresent)) func decodesEveryCodeAsTheITUReferenceDoes() throws {
    var samples = [Int16](repeating: 0, count: 65_536)
    let ulaw = try Self.words("codec/g711/stl/sweep-r.u").map { UInt8(truncatingIfNeeded: $0) }
    var output = samples.mutableSpan
    #expect(G711.decodeULaw(ulaw.span, into: &output) == 65_536)
    #expect(samples == (try Self.words("codec/g711/stl/sweep-r.u-u")))
    let alaw = try Self.words("codec/g711/stl/sweep-r.a").map { UInt8(truncatingIfNeeded: $0) }
    output = samples.mutableSpan
    #expect(G711.decodeALaw(alaw.span, into: &output) == 65_536)
    #expect(samples == (try Self.words("codec/g711/stl/sweep-r.a-a")))
  }

  @Test(.enabled(if: Vectors.isPresent), arguments: ["n02_signals", "s01_en_f_allison", "s02_it_m_carlo"])
  func codesAndDecodesSpeechExactly(_ name: String) throws {
    let speech = try Vectors.samples("speech/\(name).8k.wav")
    for law in ["ulaw", "alaw"] {
      var octets = [UInt8](repeating: 0, count: speech.count)
      var samples = [Int16](repeating: 0, count: speech.count)
      var output = octets.mutableSpan
      _ = law == "ulaw" ? G711.encodeULaw(speech.span, into: &output) : G711.encodeALaw(speech.span, into: &output)
      var decoded = samples.mutableSpan
      _ = law == "ulaw" ? G711.decodeULaw(octets.span, into: &decoded) : G711.decodeALaw(octets.span, into: &decoded)
      #expect(octets == (try Vectors.bytes("codec/g711/\(name).\(law)")))
      #expect(samples == (try Vectors.samples("codec/g711/\(name).\(law).dec.wav")))
    }
  }

  @Test func decodingThenCodingKeepsEveryOctet() {
    for code in UInt8.min...UInt8.max {
      // The two codes of zero are one value.
      if code != 0x7F { #expect(G711.ulaw(G711.linear(ulaw: code)) == code) }
      #expect(G711.alaw(G711.linear(alaw: code)) == code)
    }
  }

  @Test func takesNoMoreThanBothSpansHold() {
    let samples = [Int16](repeating: 1_000, count: 10)
    var octets = [UInt8](repeating: 0, count: 4)
    var output = octets.mutableSpan
    #expect(G711.encodeULaw(samples.span, into: &output) == 4)
    let empty: [UInt8] = []
    var decoded = [Int16](repeating: 7, count: 4)
    var target = decoded.mutableSpan
    #expect(G711.decodeALaw(empty.span, into: &target) == 0)
    #expect(decoded == [7, 7, 7, 7])
  }
}
