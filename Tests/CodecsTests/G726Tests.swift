import TestSupport
import Testing

@testable import Codecs

@Suite struct G726Tests {
  /// 16-bit little-endian words, of which the low octet counts.
  private static func codes(_ path: String) throws -> [UInt8] {
    let octets = try Vectors.bytes(path)
    return stride(from: 0, to: octets.count - 1, by: 2).map { octets[$0] }
  }

  /// How much of a sequence is looked at: debug builds, which are slow, take the beginning, as nothing reaches back.
  private static func extent(_ count: Int) -> Int {
    #if DEBUG
      min(count, 4_096)
    #else
      count
    #endif
  }

  private static func encode(_ samples: [Int16], _ bitRate: G726BitRate, _ packing: G726Packing) -> [UInt8] {
    var encoder = G726Encoder(bitRate: bitRate, packing: packing)
    var octets: [UInt8] = []
    var place = 0
    // Packets of changing length, as a call could have.
    for length in [160, 80, 320, 8, 1_000].cycle(until: samples.count) {
      octets += encoder.payload(samples[place..<min(place + length, samples.count)])
      place += length
    }
    return octets
  }

  private static func decode(_ octets: [UInt8], _ bitRate: G726BitRate, _ packing: G726Packing) -> [Int16] {
    var decoder = G726Decoder(bitRate: bitRate, packing: packing)
    return octets.packets(bitRate).flatMap { decoder.samples($0) }
  }

  private static func tandem(
    _ octets: [UInt8], _ bitRate: G726BitRate, _ packing: G726Packing, _ law: G726Decoder.Law
  ) -> [UInt8] {
    var decoder = G726Decoder(bitRate: bitRate, packing: packing)
    return octets.packets(bitRate).flatMap { packet in
      var buffer = [UInt8](repeating: 0, count: 2_000)
      var output = buffer.mutableSpan
      let count = decoder.decode(packet.span, law: law, into: &output)
      return Array(buffer[..<count])
    }
  }

  private static func linear(_ octets: [UInt8], _ law: G726Decoder.Law) -> [Int16] {
    octets.map { law == .ulaw ? G711.linear(ulaw: $0) : G711.linear(alaw: $0) }
  }

  @Test(.enabled(if: Vectors.isPresent), arguments: G726BitRate.allCases)
  func codesAndDecodesTheSequencesOfTheITUToolsExactly(_ bitRate: G726BitRate) throws {
    let lines = try Vectors.text("codec/g726/stl-index.tsv").split(separator: "\n").dropFirst()
      .map { $0.split(separator: "\t").map(String.init) }.filter {
        $0.count > 4 && $0[2] == "\(bitRate.rawValue / 1_000)"
      }
    #expect(lines.count == 14)
    for line in lines {
      let whole = try Self.codes("codec/g726/stl/\(line[3])")
      let input = Array(whole.prefix(Self.extent(whole.count)))
      let expected = Array(try Self.codes("codec/g726/stl/\(line[4])").prefix(input.count))
      let law: G726Decoder.Law = line[0] == "u" ? .ulaw : .alaw
      for packing in G726Packing.allCases {
        if line[1] == "encode" {
          let isExact = Self.encode(Self.linear(input, law), bitRate, packing) == expected.packed(bitRate, packing)
          #expect(isExact, "\(line) \(packing)")
        } else {
          let isExact = Self.tandem(input.packed(bitRate, packing), bitRate, packing, law) == expected
          #expect(isExact, "\(line) \(packing)")
        }
      }
    }
  }

  @Test(
    .enabled(if: Vectors.isPresent), arguments: ["n02_signals", "s01_en_f_allison", "s05_de_f_espeak"],
    G726BitRate.allCases)
  func codesAndDecodesSpeechExactlyInBothPackings(_ name: String, _ bitRate: G726BitRate) throws {
    let law: G726Decoder.Law = name.hasPrefix("s05") ? .alaw : .ulaw
    let suffix = law == .ulaw ? "ulaw" : "alaw"
    let file = "codec/g726/\(name).g726-\(bitRate.rawValue / 1_000)"
    let whole = Self.linear(try Vectors.bytes("codec/g726/\(name).in.\(suffix)"), law)
    let speech = Array(whole.prefix(Self.extent(whole.count)))
    let decoded = try Vectors.bytes("\(file).dec-itu.\(suffix)").prefix(speech.count)
    for packing in G726Packing.allCases {
      let octets = Array(try Vectors.bytes("\(file).\(packing).bin").prefix(bitRate.octets(samples: speech.count)))
      #expect(Self.encode(speech, bitRate, packing) == octets)
      #expect(Self.tandem(octets, bitRate, packing, law) == Array(decoded))
    }
  }

  @Test func multipliesAsTheRecommendationDoesInIntegers() {
    // FMULT, by section 4.2.6.
    func product(_ coefficient: Int, _ magnitude: Int, _ negative: Bool) -> Int32 {
      func float(_ magnitude: Int) -> (exponent: Int, mantissa: Int) {
        let exponent = magnitude == 0 ? 0 : Int.bitWidth - magnitude.leadingZeroBitCount
        return (exponent, magnitude == 0 ? 32 : (magnitude << 6) >> exponent)
      }
      let size = coefficient < 0 ? (16_384 - ((coefficient + 65_536) >> 2)) & 8_191 : coefficient >> 2
      let (a, b) = (float(size), float(magnitude))
      let (exponent, mantissa) = (a.exponent + b.exponent, (a.mantissa * b.mantissa + 48) >> 4)
      let result = exponent <= 26 ? (mantissa << 7) >> (26 - exponent) : (mantissa << 7) << (exponent - 26) & 32_767
      return Int32((coefficient < 0) != negative ? -result : result)
    }
    let coefficients =
      Array(stride(from: -32_768, through: 32_767, by: 61)) + [-32_766, -32_765, -32_764, -4, -3, -1, 0, 3]
    let magnitudes =
      (0..<15).flatMap { place in [0, 5, 11, 16, 23, 31].map { ((32 + $0) << place) >> 5 } } + [0, 32_767]
    var different = 0
    for coefficient in coefficients {
      for magnitude in magnitudes {
        for sign: Int32 in [0, -1] {
          let float = G726Float(magnitude: Int32(magnitude), sign: sign)
          if float.times(Int32(coefficient)) != product(coefficient, magnitude, sign < 0) { different += 1 }
        }
      }
    }
    #expect(different == 0)
  }

  @Test(arguments: G726BitRate.allCases, G726Packing.allCases)
  func survivesEveryOctetAndTheLoudestSamples(_ bitRate: G726BitRate, _ packing: G726Packing) {
    var seed: UInt64 = 1
    let noise = (0..<4_000).map { _ -> UInt8 in
      seed = seed &* 6_364_136_223_846_793_005 &+ 1
      return UInt8(truncatingIfNeeded: seed >> 56)
    }
    let steady = (UInt8.min...UInt8.max).flatMap { [UInt8](repeating: $0, count: 10) }
    for octets in [noise, steady] {
      #expect(Self.decode(octets, bitRate, packing).count == octets.count * 8 / bitRate.bitsPerSample)
      for law in G726Decoder.Law.allCases {
        #expect(Self.tandem(octets, bitRate, packing, law).count == octets.count * 8 / bitRate.bitsPerSample)
      }
    }
    // Samples at the bounds, by chance and in blocks, must come back loud.
    let loud = noise.map { $0 & 1 == 0 ? Int16.max : Int16.min }
    let blocks = (0..<4_000).map { $0 / 40 % 2 == 0 ? Int16.max : Int16.min }
    for samples in [loud, blocks] {
      let octets = Self.encode(samples, bitRate, packing)
      #expect(octets.count == 4_000 * bitRate.bitsPerSample / 8)
      let decoded = Self.decode(octets, bitRate, packing)
      #expect(decoded.reduce(0.0) { $0 + Double($1) * Double($1) } > 4_000 * 1e8)
    }
  }

  @Test(arguments: G726BitRate.allCases) func aCopyIsAFork(_ bitRate: G726BitRate) {
    var encoder = G726Encoder(bitRate: bitRate, packing: .rfc3551)
    var decoder = G726Decoder(bitRate: bitRate, packing: .rfc3551)
    let samples = (0..<160).map { Int16(truncatingIfNeeded: $0 &* 7_919) }
    let first = encoder.payload(samples[...])
    _ = decoder.samples(first)
    var (otherEncoder, otherDecoder) = (encoder, decoder)
    let second = encoder.payload(samples[...])
    #expect(second != first)
    #expect(otherEncoder.payload(samples[...]) == second)
    let decoded = decoder.samples(second)
    #expect(otherDecoder.samples(second) == decoded)
    // Each goes on by itself.
    _ = otherDecoder.samples(first)
    #expect(decoder.samples(second) != otherDecoder.samples(second))
  }

  @Test func knowsHowLongAPayloadLasts() {
    #expect(G726BitRate.allCases.map { $0.samples(octets: 0) } == [0, 0, 0, 0])
    #expect(G726BitRate.allCases.map { $0.octets(samples: 160) } == [40, 60, 80, 100])
    #expect(zip(G726BitRate.allCases, [40, 60, 80, 100]).map { $0.samples(octets: $1) } == [160, 160, 160, 160])
    // Bits that are no code word do not count, nor do samples that fill no octets.
    #expect(G726BitRate.allCases.map { $0.samples(octets: 1) } == [4, 2, 2, 1])
    #expect(G726BitRate.allCases.map { $0.octets(samples: 15) } == [3, 3, 7, 5])
    #expect(G726BitRate.allCases.map { $0.samples(octets: -1) + $0.octets(samples: -1) } == [0, 0, 0, 0])
  }

  @Test(arguments: G726BitRate.allCases, G726Packing.allCases)
  func leavesOutSamplesThatFillNoOctets(_ bitRate: G726BitRate, _ packing: G726Packing) {
    let samples = (0..<160).map { Int16(truncatingIfNeeded: $0 &* $0 &* 37) }
    var encoder = G726Encoder(bitRate: bitRate, packing: packing)
    let whole = encoder.payload(samples[...])
    var odd = G726Encoder(bitRate: bitRate, packing: packing)
    let kept = 155 / bitRate.samplesPerGroup * bitRate.samplesPerGroup
    #expect(odd.payload(samples[..<155]) == Array(whole.prefix(kept * bitRate.bitsPerSample / 8)))
    // What was left out has not been heard: given again, the stream goes on as if it had come at once.
    #expect(odd.payload(samples[kept...]) == Array(whole.dropFirst(kept * bitRate.bitsPerSample / 8)))
    // Nor what had no room.
    var narrow = G726Encoder(bitRate: bitRate, packing: packing)
    var small = [UInt8](repeating: 0, count: 17)
    var output = small.mutableSpan
    let count = narrow.encode(samples.span, into: &output)
    #expect(
      count == 17 / bitRate.octets(samples: bitRate.samplesPerGroup) * bitRate.octets(samples: bitRate.samplesPerGroup))
    #expect(Array(small.prefix(count)) == Array(whole.prefix(count)))
  }

  @Test(arguments: G726BitRate.allCases, G726Packing.allCases)
  func leavesOutBitsThatAreNoCodeWord(_ bitRate: G726BitRate, _ packing: G726Packing) {
    let octets = (0..<100).map { UInt8(truncatingIfNeeded: $0 &* 151) }
    let whole = Self.decode(octets, bitRate, packing)
    for length in 0...11 {
      var decoder = G726Decoder(bitRate: bitRate, packing: packing)
      let samples = decoder.samples(Array(octets.prefix(length)))
      #expect(samples.count == length * 8 / bitRate.bitsPerSample)
      // In a packet of its own length, a last code word lies where it lay.
      #expect(samples == Array(whole.prefix(samples.count)))
    }
    var decoder = G726Decoder(bitRate: bitRate, packing: packing)
    var small = [Int16](repeating: 0, count: 13)
    var output = small.mutableSpan
    #expect(decoder.decode(octets.span, into: &output) == 13)
    #expect(small == Array(whole.prefix(13)))
  }

  @Test(.enabled(if: Vectors.isPresent), arguments: zip(G726BitRate.allCases, [20.0, 50, 120, 300]))
  func keepsLinearSpeechAsWellAsItsG711Octets(_ bitRate: G726BitRate, _ ratio: Double) throws {
    let speech = try Vectors.samples("speech/s01_en_f_allison.8k.wav").prefix(12_000)
    let octets = speech.map { G711.alaw($0) }
    let direct = Self.decode(Self.encode(Array(speech), bitRate, .rfc3551), bitRate, .rfc3551)
    let throughG711 = Self.linear(
      Self.tandem(Self.encode(Self.linear(octets, .alaw), bitRate, .rfc3551), bitRate, .rfc3551, .alaw), .alaw)
    #expect(direct.likeness(to: speech) > ratio)
    // Half a decibel either way is chance: one other code word, and the predictor goes another way.
    #expect(direct.likeness(to: speech) > 0.9 * throughG711.likeness(to: speech))
  }

  @Test func silenceStaysSilent() {
    for bitRate in [G726BitRate.kilobits24, .kilobits32, .kilobits40] {
      let octets = Self.encode([Int16](repeating: -1, count: 1_600), bitRate, .rfc3551)
      #expect(Self.decode(octets, bitRate, .rfc3551).allSatisfy { $0 == 0 })
    }
  }
}

extension [Int16] {
  /// The power of the signal by that of the noise.
  fileprivate func likeness(to original: ArraySlice<Int16>) -> Double {
    var (signal, noise) = (0.0, 0.0)
    for (ours, theirs) in zip(self, original) {
      signal += Double(theirs) * Double(theirs)
      noise += (Double(ours) - Double(theirs)) * (Double(ours) - Double(theirs))
    }
    return signal / Swift.max(noise, 1)
  }
}

extension G726Encoder {
  fileprivate mutating func payload(_ samples: ArraySlice<Int16>) -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: 1_000)
    var output = buffer.mutableSpan
    let count = encode(Array(samples).span, into: &output)
    return Array(buffer[..<count])
  }
}

extension G726Decoder {
  fileprivate mutating func samples(_ payload: [UInt8]) -> [Int16] {
    var buffer = [Int16](repeating: 0, count: 2_000)
    var output = buffer.mutableSpan
    let count = decode(payload.span, into: &output)
    return Array(buffer[..<count])
  }
}

extension [UInt8] {
  /// Code words to octets, as slowly and plainly as can be.
  fileprivate func packed(_ bitRate: G726BitRate, _ packing: G726Packing) -> [UInt8] {
    let size = bitRate.bitsPerSample
    let bits = flatMap { code in
      (0..<size).map { code >> UInt8(packing == .rfc3551 ? $0 : size - 1 - $0) & 1 }
    }
    return stride(from: 0, to: bits.count - 7, by: 8).map { start in
      bits[start..<start + 8].enumerated().reduce(0) {
        $0 | $1.element << UInt8(packing == .rfc3551 ? $1.offset : 7 - $1.offset)
      }
    }
  }

  /// Of changing length: 20, 10, 1 and 100 ms.
  fileprivate func packets(_ bitRate: G726BitRate) -> [[UInt8]] {
    var place = 0
    return [160, 80, 8, 800].map { bitRate.octets(samples: $0) }.cycle(until: count).map { length in
      defer { place += length }
      return Array(self[place..<Swift.min(place + length, count)])
    }
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
