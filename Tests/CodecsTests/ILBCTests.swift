import TestSupport
import Testing

@testable import Codecs

@Suite struct ILBCTests {
  /// A voice, and signals: tones, noise and silence.
  private static let names = ["s01_en_f_allison", "n02_signals"]
  /// Debug builds are slow: there the beginnings must do.
  private static var frames: Int { isDebug ? 120 : .max }

  private static var isDebug: Bool {
    var result = false
    assert(
      {
        result = true
        return true
      }())
    return result
  }

  private static func path(_ name: String, _ frame: ILBCFrame, _ rest: String) -> String {
    "codec/ilbc/\(name).ilbc\(frame == .twentyMilliseconds ? 20 : 30).\(rest)"
  }

  /// Frames of the storage format of RFC 3952, section 4.1, whose header is nine octets.
  private static func bits(_ name: String, _ frame: ILBCFrame) throws -> [UInt8] {
    let octets = try Vectors.bytes(path(name, frame, "rfc3951.lbc")).dropFirst(9)
    return Array(octets.prefix(min(octets.count / frame.octets, frames) * frame.octets))
  }

  @Test(.enabled(if: Vectors.isPresent), arguments: ILBCFrame.allCases, names)
  func codesExactlyAsTheProgramOfTheRFCDoes(_ frame: ILBCFrame, _ name: String) throws {
    let bits = try Self.bits(name, frame)
    let speech = try Vectors.samples("speech/\(name).8k.wav").prefix(bits.count / frame.octets * frame.samples)
    var encoder = ILBCEncoder(frame: frame)
    #expect(encoder.octets(Array(speech)) == bits)
  }

  @Test(.enabled(if: Vectors.isPresent), arguments: ILBCFrame.allCases, names)
  func decodesAsTheProgramOfTheRFCDoes(_ frame: ILBCFrame, _ name: String) throws {
    let bits = try Self.bits(name, frame)
    var decoder = ILBCDecoder(frame: frame)
    var samples: [Int16] = []
    // One frame in a packet, then two, then three.
    var place = 0
    while place < bits.count {
      let end = min(place + (1 + samples.count / frame.samples % 3) * frame.octets, bits.count)
      samples += decoder.samples(Array(bits[place..<end]))
      place = end
    }
    let wanted = try Vectors.samples(Self.path(name, frame, "rfc3951.dec-rfc3951.wav"))
    try Self.expectNearness(of: samples, to: wanted, frame)
  }

  @Test(.enabled(if: Vectors.isPresent), arguments: ILBCFrame.allCases, ["loss-r5", "loss-burst"])
  func concealsAsTheProgramOfTheRFCDoes(_ frame: ILBCFrame, _ loss: String) throws {
    let name = Self.names[0]
    let bits = try Self.bits(name, frame)
    let received = try Vectors.text(Self.path(name, frame, "\(loss).txt")).filter { $0 == "0" || $0 == "1" }
    var decoder = ILBCDecoder(frame: frame)
    var samples: [Int16] = []
    for (index, mark) in received.prefix(bits.count / frame.octets).enumerated() {
      let octets = Array(bits[index * frame.octets..<(index + 1) * frame.octets])
      samples += mark == "1" ? decoder.samples(octets) : decoder.concealed(frame.samples)
    }
    let wanted = try Vectors.samples(Self.path(name, frame, "rfc3951.\(loss).dec-rfc3951.wav"))
    try Self.expectNearness(of: samples, to: wanted, frame)
  }

  /// 60 dB over all, 40 dB in each frame that can be heard: compilers differ by that much.
  private static func expectNearness(of samples: [Int16], to wanted: [Int16], _ frame: ILBCFrame) throws {
    try #require(!samples.isEmpty && samples.count <= wanted.count)
    var (signal, error): (Double, Double) = (0, 0)
    for start in stride(from: 0, to: samples.count, by: frame.samples) {
      var (frameSignal, frameError): (Double, Double) = (0, 0)
      for index in start..<start + frame.samples {
        let difference = Double(samples[index]) - Double(wanted[index])
        frameSignal += Double(wanted[index]) * Double(wanted[index])
        frameError += difference * difference
      }
      if frameSignal > 10_000 * Double(frame.samples) { #expect(frameError * 10_000 <= frameSignal, "at \(start)") }
      signal += frameSignal
      error += frameError
    }
    #expect(error * 1_000_000 <= signal)
  }

  @Test(arguments: ILBCFrame.allCases)
  func survivesEveryPayload(_ frame: ILBCFrame) {
    var decoder = ILBCDecoder(frame: frame)
    var noise = Noise()
    for index in 0..<(Self.isDebug ? 500 : 10_000) {
      let octets = (0..<frame.octets).map { _ in noise.next() }
      #expect(decoder.samples(octets).count == frame.samples)
      if index % 7 == 0 { #expect(decoder.concealed(frame.samples).count == frame.samples) }
    }
    for octet: UInt8 in [0, 0xFF, 0x55, 0xAA, 0xFE] {
      for _ in 0..<4 {
        #expect(decoder.samples(Array(repeating: octet, count: frame.octets)).count == frame.samples)
      }
    }
  }

  @Test(arguments: ILBCFrame.allCases)
  func survivesEveryExtremeInput(_ frame: ILBCFrame) {
    var noise = Noise()
    let inputs: [(Int) -> Int16] = [
      { _ in 0 }, { _ in .max }, { _ in .min }, { $0 & 1 == 0 ? .max : .min }, { $0 % 80 == 0 ? .min : 0 },
      { _ in noise.next() & 1 == 0 ? .max : .min }, { _ in 1 },
    ]
    var encoder = ILBCEncoder(frame: frame)
    var decoder = ILBCDecoder(frame: frame)
    for input in inputs {
      let octets = encoder.octets((0..<4 * frame.samples).map(input))
      #expect(octets.count == 4 * frame.octets)
      #expect(decoder.samples(octets).count == 4 * frame.samples)
    }
  }

  @Test(arguments: ILBCFrame.allCases)
  func takesWholeFramesOnly(_ frame: ILBCFrame) {
    var encoder = ILBCEncoder(frame: frame)
    #expect(encoder.octets(Array(repeating: 0, count: frame.samples - 1)).isEmpty)
    #expect(encoder.octets(Array(repeating: 0, count: 2 * frame.samples + 1)).count == 2 * frame.octets)
    var decoder = ILBCDecoder(frame: frame)
    for count in [0, 1, frame.octets - 1, frame.octets + 1, 2 * frame.octets - 1] {
      #expect(decoder.samples(Array(repeating: 0, count: count)).isEmpty)
      #expect(ILBCDecoder.duration(payloadOctets: count, frame: frame) == nil)
    }
    #expect(ILBCDecoder.duration(payloadOctets: 3 * frame.octets, frame: frame) == 3 * frame.samples)
    // What the span has no place for is left out.
    var small = [Int16](repeating: 0, count: frame.samples + 1)
    var span = small.mutableSpan
    let payload = [UInt8](repeating: 0x55, count: 2 * frame.octets)
    #expect(decoder.decode(payload.span, into: &span) == frame.samples)
  }

  @Test(arguments: ILBCFrame.allCases)
  func anEmptyFrameIsALostOne(_ frame: ILBCFrame) {
    var first = Self.warmDecoder(frame)
    var second = first
    let octets = [UInt8](repeating: 0xFF, count: frame.octets)
    #expect(first.samples(octets) == second.concealed(frame.samples))
  }

  @Test(arguments: ILBCFrame.allCases)
  func concealsInPiecesAsInOne(_ frame: ILBCFrame) {
    var first = Self.warmDecoder(frame)
    var second = first
    let whole = first.concealed(2 * frame.samples)
    #expect(whole.contains { $0.magnitude > 100 })
    let pieces = [80, 1, 2 * frame.samples - 81].map { second.concealed($0) }
    #expect(pieces.flatMap { $0 } == whole)
  }

  @Test(arguments: ILBCFrame.allCases)
  func fadesWhatIsLostForLong(_ frame: ILBCFrame) {
    var decoder = Self.warmDecoder(frame)
    let samples = decoder.concealed(100 * 80)
    #expect(samples.suffix(80).allSatisfy { $0.magnitude < 500 })
  }

  @Test func aCopyIsAFork() {
    var encoder = ILBCEncoder(frame: .twentyMilliseconds)
    _ = encoder.octets(Self.tone(0..<480))
    var other = encoder
    #expect(encoder.octets(Self.tone(480..<960)) == other.octets(Self.tone(480..<960)))
    var decoder = Self.warmDecoder(.thirtyMilliseconds)
    var fork = decoder
    #expect(decoder.concealed(240) == fork.concealed(240))
  }

  @Test(arguments: ILBCFrame.allCases)
  func writesWhatItReads(_ frame: ILBCFrame) {
    var noise = Noise()
    for _ in 0..<100 {
      var octets = (0..<frame.octets).map { _ in noise.next() }
      octets[frame.octets - 1] &= 0xFE
      guard let parameters = ILBCParameters(octets.span, frame: frame) else { continue }
      var copy = parameters
      for number in 0...frame.codedSubblocks { copy[segment: number] = parameters[segment: number] }
      var written = [UInt8](repeating: 0xFF, count: frame.octets)
      var span = written.mutableSpan
      copy.write(to: &span, at: 0)
      #expect(written == octets)
    }
  }

  private static func tone(_ places: Range<Int>) -> [Int16] {
    places.map { $0 % 57 < 20 ? 8_000 : -4_000 }
  }

  private static func warmDecoder(_ frame: ILBCFrame) -> ILBCDecoder {
    var encoder = ILBCEncoder(frame: frame)
    var decoder = ILBCDecoder(frame: frame)
    _ = decoder.samples(encoder.octets(tone(0..<5 * frame.samples)))
    return decoder
  }
}

/// Octets that look random and are the same each time.
private struct Noise {
  private var seed: UInt64 = 1

  mutating func next() -> UInt8 {
    seed = seed &* 6_364_136_223_846_793_005 &+ 1
    return UInt8(truncatingIfNeeded: seed >> 56)
  }
}

extension ILBCEncoder {
  fileprivate mutating func octets(_ samples: [Int16]) -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: samples.count / frame.samples * frame.octets + 1)
    var output = buffer.mutableSpan
    let count = encode(samples.span, into: &output)
    return Array(buffer[..<count])
  }
}

extension ILBCDecoder {
  fileprivate mutating func samples(_ octets: [UInt8]) -> [Int16] {
    var buffer = [Int16](repeating: 0, count: octets.count / frame.octets * frame.samples + 1)
    var output = buffer.mutableSpan
    let count = decode(octets.span, into: &output)
    return Array(buffer[..<count])
  }

  fileprivate mutating func concealed(_ count: Int) -> [Int16] {
    var buffer = [Int16](repeating: 0, count: count)
    var output = buffer.mutableSpan
    let made = conceal(samples: count, into: &output)
    return Array(buffer[..<made])
  }
}
