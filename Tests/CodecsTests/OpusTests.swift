import TestSupport
import Testing

@testable import Codecs

@Suite struct OpusTests {
  struct Packet {
    var payload: [UInt8]
    var finalRange: UInt32
  }

  /// opus_demo's format.
  private static func packets(_ name: String) throws -> [Packet] {
    let octets = try Vectors.bytes("codec/opus/\(name).bit")
    func number(_ place: Int) -> Int { octets[place..<place + 4].reduce(0) { $0 << 8 | Int($1) } }
    var result: [Packet] = []
    var place = 0
    while place + 8 <= octets.count {
      let length = number(place)
      let end = place + 8 + length
      guard end <= octets.count else { break }
      result.append(
        Packet(payload: Array(octets[place + 8..<end]), finalRange: UInt32(truncatingIfNeeded: number(place + 4))))
      place = end
    }
    return result
  }

  private static func rate(_ name: String) -> Int {
    name.contains("-8k-") ? 8_000 : name.contains("-16k-") ? 16_000 : 48_000
  }

  static let names: [String] = {
    guard let files = try? Vectors.list("codec/opus") else { return [] }
    return files.filter { $0.hasSuffix(".bit") }.map { String($0.dropLast(4)) }
  }()

  @Test(.enabled(if: Vectors.isPresent), arguments: names)
  func decodesWithTheRangesAndSamplesOfTheReference(_ name: String) throws {
    let rate = Self.rate(name)
    let channels = name.hasSuffix("-st") ? 2 : 1
    let decoder = try OpusDecoder(sampleRate: rate, channels: channels)
    var samples: [Int16] = []
    for packet in try Self.packets(name) {
      let decoded = decoder.samples(packet.payload)
      #expect(decoded.count > 0)
      #expect(decoder.finalRange == packet.finalRange)
      #expect(AudioDecoder.duration(.opus, packet.payload) == decoded.count / channels * (48_000 / rate))
      samples += decoded
    }
    let reference = try Vectors.samples("codec/opus/\(name).dec\(rate / 1_000)k.wav")
    // The reference cuts off what the last packet has too much.
    let length = min(reference.count, samples.count)
    #expect(reference.count - length < rate * 120 / 1_000 * channels)
    let difference = zip(samples[..<length], reference[..<length]).lazy.map { abs(Int($0) - Int($1)) }.max() ?? 0
    #expect(difference <= 1, "exact with the same library version and build")
  }

  @Test(.enabled(if: Vectors.isPresent)) func replacesLostPacketsFromTheNextOnesFEC() throws {
    let name = "s02_it_m_carlo.opus-16k-24k-20ms-fec"
    let packets = try Self.packets(name)
    let pattern = Array(try Vectors.text("codec/opus/\(name).loss-r5.txt").utf8)
    let clean = try Vectors.samples("codec/opus/\(name).dec16k.wav")
    func run(fec: Bool) throws -> [Int16] {
      var decoder = AudioDecoder(format: .opus, outputRate: 16_000)
      var result: [Int16] = []
      for (index, packet) in packets.enumerated() {
        let made: [Int16]
        if pattern[index] == UInt8(ascii: "1") {
          made = decoder.samples(packet.payload)
        } else if fec, index + 1 < packets.count, pattern[index + 1] == UInt8(ascii: "1") {
          made = decoder.lost(320, before: packets[index + 1].payload)
        } else {
          made = decoder.concealed(320)
        }
        #expect(made.count == 320)
        result += made
      }
      return result
    }
    func error(_ samples: [Int16]) -> Double {
      zip(samples, clean).reduce(0.0) { $0 + Double(Int($1.0) - Int($1.1)) * Double(Int($1.0) - Int($1.1)) }
    }
    let (repaired, concealed) = (try run(fec: true), try run(fec: false))
    #expect(error(repaired) < error(concealed) / 2)
    for (kind, samples) in [("fec", repaired), ("plc", concealed)] {
      let reference = try Vectors.samples("codec/opus/\(name).loss-r5.\(kind).dec16k.wav")
      let difference = zip(samples, reference).lazy.map { abs(Int($0) - Int($1)) }.max() ?? 0
      #expect(difference <= 1, "as the reference decoder with \(kind)")
    }
  }

  @Test(arguments: [8_000, 16_000, 48_000]) func aForkGoesOnExactlyAsItsOrigin(_ rate: Int) throws {
    let encoder = try OpusEncoder(sampleRate: rate, bitRate: 24_000, complexity: 5)
    var fork: OpusEncoder?
    for frame in 0..<50 {
      let samples = Tone.frame(frame, rate: rate)
      let packet = encoder.packet(samples)
      #expect(packet.count > 0)
      if let fork {
        #expect(fork.packet(samples) == packet)
        #expect(fork.finalRange == encoder.finalRange)
      }
      if frame == 20 { fork = encoder.fork() }
    }
    // From here each goes its own way.
    fork?.set(bitRate: 6_000)
    _ = fork?.packet(Tone.frame(50, rate: rate))
    #expect(fork?.finalRange != encoder.finalRange)
  }

  @Test func sendsNothingInSilenceWithDTX() throws {
    var parameters = OpusParameters()
    parameters.useDTX = true
    let encoder = try OpusEncoder(sampleRate: 16_000, parameters: parameters, bitRate: 16_000, complexity: 5)
    let silence = [Int16](repeating: 0, count: 320)
    var sent = 0
    for _ in 0..<100 {
      if !encoder.packet(silence).isEmpty { sent += 1 }
    }
    #expect(sent < 40)
  }

  @Test func keepsToTheReceiversBitRate() throws {
    var parameters = OpusParameters()
    parameters.maxAverageBitRate = 12_000
    parameters.constantBitRate = true
    let encoder = try OpusEncoder(sampleRate: 16_000, parameters: parameters, bitRate: 64_000, complexity: 5)
    #expect(encoder.packet(Tone.frame(0, rate: 16_000)).count == 30)
  }

  /// What a room hears of a sender in stereo: the mean of both channels, so nobody is lost who is on one side alone.
  @Test(arguments: [(1.0, 1.0), (1.0, 0.0), (0.0, 1.0)]) func stereoIsHeardAsTheMeanOfItsChannels(
    left: Double, right: Double
  ) throws {
    let encoder = try OpusEncoder(sampleRate: 48_000, channels: 2, bitRate: 64_000, complexity: 5)
    var decoder = AudioDecoder(format: .opus, outputRate: 48_000)
    var said = 0.0
    var heard = 0.0
    for frame in 0..<50 {
      let mono = Tone.frame(frame, rate: 48_000)
      let packet = encoder.packet(mono.flatMap { [Int16(Double($0) * left), Int16(Double($0) * right)] })
      #expect((packet.first ?? 0) & 4 == 4, "the packet says that it is stereo")
      let samples = decoder.samples(packet)
      #expect(samples.count == 960)
      guard frame >= 10 else { continue }
      said += mono.reduce(0) { $0 + Double($1) * Double($1) }
      heard += samples.reduce(0) { $0 + Double($1) * Double($1) }
    }
    let expected = (left + right) / 2
    #expect(abs((heard / said).squareRoot() / expected - 1) < 0.15)
  }

  @Test(arguments: [6_000, 12_000, 24_000], [10, 20, 40, 60]) func noPacketGoesAboveThePeak(rate: Int, time: Int) throws
  {
    var parameters = OpusParameters()
    parameters.peakBitRate = rate
    let encoder = try OpusEncoder(sampleRate: 48_000, parameters: parameters, bitRate: 24_000, complexity: 5)
    let copy = encoder.fork()
    var longest = 0
    for frame in stride(from: 0, to: 48, by: 6) {
      let samples = (0..<6).flatMap { Tone.frame(frame + $0, rate: 48_000) }
      for start in stride(from: 0, to: samples.count, by: 48 * time) {
        let piece = Array(samples[start..<min(start + 48 * time, samples.count)])
        let packet = encoder.packet(piece)
        #expect(packet == copy.packet(piece))
        longest = max(longest, packet.count)
      }
    }
    #expect(longest > 1 && longest <= rate * time / 8_000)
  }

  @Test func refusesRatesAndLengthsThatOpusLacks() throws {
    #expect(throws: CodecError.unsupportedSampleRate(44_100)) {
      try OpusEncoder(sampleRate: 44_100, bitRate: 16_000, complexity: 5)
    }
    #expect(throws: CodecError.unsupportedChannels(3)) { try OpusDecoder(sampleRate: 48_000, channels: 3) }
    let encoder = try OpusEncoder(sampleRate: 48_000, bitRate: 16_000, complexity: 5)
    #expect(encoder.packet([Int16](repeating: 0, count: 100)).isEmpty)
  }

  @Test func survivesPacketsOfNoise() throws {
    let decoder = try OpusDecoder(sampleRate: 48_000)
    var seed: UInt64 = 7
    for length in 0..<1_000 {
      let noise = (0..<length).map { _ -> UInt8 in
        seed = seed &* 6_364_136_223_846_793_005 &+ 1
        return UInt8(truncatingIfNeeded: seed >> 56)
      }
      let count = decoder.samples(noise).count
      let duration = AudioDecoder.duration(.opus, noise)
      #expect(count == 0 || count == duration)
      #expect(decoder.fec(noise, samples: 960).count <= 960)
    }
  }
}

/// A vowel-like sound for tests.
enum Tone {
  static func frame(_ number: Int, rate: Int) -> [Int16] {
    let length = rate / 50
    return (0..<length).map { index in
      let phase = (number * length + index) * 150 % rate
      // A pulse train of 150 Hz whose pulses ring down.
      let sawtooth = 1.0 - 2.0 * Double(phase) / Double(rate)
      return Int16(sawtooth * sawtooth * sawtooth * 9_000)
    }
  }
}
