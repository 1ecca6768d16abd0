import TestSupport
import Testing

@testable import Codecs

@Suite struct G722Tests {
  private static func words(_ path: String) throws -> [Int16] {
    let octets = try Vectors.bytes(path)
    return stride(from: 0, to: octets.count - 1, by: 2).map {
      Int16(bitPattern: UInt16(octets[$0]) | UInt16(octets[$0 + 1]) << 8)
    }
  }

  /// Codes in packets of changing length, as a call could.
  private static func encode(_ samples: [Int16]) -> [UInt8] {
    var encoder = G722Encoder()
    var octets: [UInt8] = []
    var place = 0
    for length in [320, 160, 640, 2, 962].cycle(until: samples.count) {
      let end = min(place + length, samples.count)
      var buffer = [UInt8](repeating: 0, count: 500)
      var output = buffer.mutableSpan
      let count = encoder.encode(samples.span.extracting(place..<end), into: &output)
      octets += buffer[..<count]
      place = end
    }
    return octets
  }

  private static func decode(_ octets: [UInt8]) -> [Int16] {
    var decoder = G722Decoder()
    var samples: [Int16] = []
    var place = 0
    for length in [160, 80, 320, 1, 481].cycle(until: octets.count) {
      let end = min(place + length, octets.count)
      var buffer = [Int16](repeating: 0, count: 1_000)
      var output = buffer.mutableSpan
      let count = decoder.decode(octets.span.extracting(place..<end), into: &output)
      samples += buffer[..<count]
      place = end
    }
    return samples
  }

  @Test(.enabled(if: Vectors.isPresent)) func codesAndDecodesTheSpeechOfTheITUToolsExactly() throws {
    let octets = try Vectors.bytes("codec/g722/stl/codsp.g722")
    #expect(Self.encode(try Self.words("codec/g722/stl/inpsp.bin")) == octets)
    #expect(Self.decode(octets) == (try Self.words("codec/g722/stl/outsp1.bin")))
  }

  @Test(
    .enabled(if: Vectors.isPresent),
    arguments: ["n01_music", "n02_signals", "s01_en_f_allison", "s02_it_m_carlo", "s07_en_f_alsa"])
  func codesAndDecodesExactlyAsTheITUReferenceDoes(_ name: String) throws {
    let octets = try Vectors.bytes("codec/g722/\(name).itu.g722")
    // The reference left out what did not fill a frame of 10 ms.
    let speech = try Vectors.samples("speech/\(name).16k.wav").prefix(2 * octets.count)
    #expect(Self.encode(Array(speech)) == octets)
    #expect(Self.decode(octets) == (try Vectors.samples("codec/g722/\(name).itu.dec-itu.wav")))
  }

  @Test func survivesEveryOctetAtFullScale() {
    var seed: UInt64 = 1
    let noise = (0..<32_000).map { _ -> UInt8 in
      seed = seed &* 6_364_136_223_846_793_005 &+ 1
      return UInt8(truncatingIfNeeded: seed >> 56)
    }
    #expect(Self.decode(noise).count == 64_000)
    let loud = noise.map { $0 & 1 == 0 ? Int16.max : Int16.min }
    #expect(Self.encode(loud).count == 16_000)
  }

  @Test func aCopyIsAFork() {
    var first = G722Encoder()
    let samples = (0..<320).map { Int16(truncatingIfNeeded: $0 &* 7_919) }
    var octets = [UInt8](repeating: 0, count: 160)
    var output = octets.mutableSpan
    _ = first.encode(samples.span, into: &output)
    var second = first
    var other = [UInt8](repeating: 0, count: 160)
    output = octets.mutableSpan
    _ = first.encode(samples.span, into: &output)
    var target = other.mutableSpan
    _ = second.encode(samples.span, into: &target)
    #expect(octets == other)
  }
}

extension [Int] {
  /// Goes round and round until the sum reaches `total`.
  fileprivate func cycle(until total: Int) -> [Int] {
    var result: [Int] = []
    var sum = 0
    while sum < total {
      let next = self[result.count % count]
      result.append(next)
      sum += next
    }
    return result
  }
}
