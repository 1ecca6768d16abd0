import TestSupport
import Testing

@testable import Codecs

@Suite struct AMRTests {
  static let names: [String] = {
    guard let files = try? Vectors.list("codec/amr") else { return [] }
    return files.filter { $0.hasSuffix(".amr") || $0.hasSuffix(".awb") }
  }()

  private static func rate(_ name: String) -> Int { name.hasSuffix(".awb") ? 16_000 : 8_000 }

  /// The frames of a file as it is stored (RFC 4867, section 5).
  private static func frames(_ name: String) throws -> [[UInt8]] {
    let octets = try Vectors.bytes("codec/amr/\(name)")
    let band: AMRBand = name.hasSuffix(".awb") ? .wide : .narrow
    var place = band == .wide ? 9 : 6
    var result: [[UInt8]] = []
    while place < octets.count {
      let length = 1 + ((band.frameBits(Int(octets[place] >> 3 & 15)) ?? 0) + 7) / 8
      guard place + length <= octets.count else { break }
      result.append(Array(octets[place..<place + length]))
      place += length
    }
    return result
  }

  private static func payload(_ frame: [UInt8], rate: Int, octetAligned: Bool) throws -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: 100)
    var output = buffer.mutableSpan
    let band = try #require(AMRBand(sampleRate: rate))
    guard
      var writer = AMRPayloadWriter(
        frames: 1, modeRequest: 15, band: band, octetAligned: octetAligned, into: &output),
      writer.append(frame.span, into: &output)
    else { return [] }
    let count = writer.octets
    return Array(buffer[..<count])
  }

  @Test(.enabled(if: Vectors.isPresent), arguments: names, [false, true])
  func decodesExactlyAsTheReference(_ name: String, _ octetAligned: Bool) throws {
    let rate = Self.rate(name)
    let decoder = try AMRDecoder(sampleRate: rate, octetAligned: octetAligned)
    let samples = try Self.frames(name).flatMap { frame in
      decoder.samples(try Self.payload(frame, rate: rate, octetAligned: octetAligned))
    }
    let base = name.dropLast(4)
    let reference = try Vectors.samples("codec/amr/\(base).dec-opencore.wav")
    #expect(!samples.isEmpty)
    #expect(samples == reference)
  }

  // Mode 8 of AMR-WB is not sent.
  @Test(.enabled(if: Vectors.isPresent), arguments: names.filter { !$0.contains("amrwb-m8") })
  func encodesExactlyAsTheReference(_ name: String) throws {
    let rate = Self.rate(name)
    let band = try #require(AMRBand(sampleRate: rate))
    let mode = try #require(name.split(separator: ".")[1].split(separator: "-")[1].last?.wholeNumberValue)
    let encoder = try AMREncoder(
      sampleRate: rate, parameters: AMRParameters(fmtp: "octet-align=1"), bitRate: band.bitRate(mode: mode),
      dtx: name.contains("-dtx"))
    let speaker = try #require(name.split(separator: ".").first)
    let speech = try Vectors.samples("speech/\(speaker).\(rate / 1_000)k.wav")
    let length = band.frameSamples
    let frames = try Self.frames(name).prefix(speech.count / length)
    #expect(frames.count > 100)
    for (index, frame) in frames.enumerated() {
      let payload = encoder.packet(Array(speech[index * length..<(index + 1) * length]))
      #expect(Array(payload.dropFirst()) == (frame.count > 1 ? frame : []), "frame \(index)")
    }
  }

  @Test(arguments: [8_000, 16_000], [false, true])
  func carriesSeveralFramesInAPacket(_ rate: Int, _ octetAligned: Bool) throws {
    let parameters = AMRParameters(fmtp: octetAligned ? "octet-align=1" : "")
    let single = try AMREncoder(sampleRate: rate, parameters: parameters, bitRate: 10_000)
    let packed = try AMREncoder(sampleRate: rate, parameters: parameters, bitRate: 10_000)
    let first = try AMRDecoder(sampleRate: rate, octetAligned: octetAligned)
    let second = try AMRDecoder(sampleRate: rate, octetAligned: octetAligned)
    for packet in 0..<3 {
      var samples: [Int16] = []
      var decoded: [Int16] = []
      for frame in 0..<4 {
        let speech = Tone.frame(packet * 4 + frame, rate: rate)
        samples += speech
        decoded += first.samples(single.packet(speech))
      }
      let payload = packed.packet(samples)
      #expect(AMRPayload.duration(payload.span, band: packed.band, octetAligned: octetAligned) == 4 * rate / 50)
      #expect(second.samples(payload) == decoded)
    }
    #expect(packed.packet([Int16](repeating: 0, count: rate / 50 + 1)).isEmpty)
    #expect(packed.packet([]).isEmpty)
  }

  @Test(arguments: [8_000, 16_000]) func followsTheOtherSidesRequestAndAsksForItsOwn(_ rate: Int) throws {
    let encoder = try AMREncoder(sampleRate: rate, bitRate: 64_000)
    let decoder = try AMRDecoder(sampleRate: rate, octetAligned: false)
    func modeSent() throws -> Int? {
      let payload = encoder.packet(Tone.frame(0, rate: rate))
      _ = decoder.samples(payload)
      return AMRPayload(payload.span, band: encoder.band, octetAligned: false)?.type(of: 0)
    }
    #expect(try modeSent() == encoder.band.highestSentMode)
    #expect(decoder.modeRequest == nil)
    encoder.receive(.mode(1))
    encoder.ask(for: 2)
    #expect(try modeSent() == 1)
    #expect(decoder.modeRequest == 2)
    encoder.ask(for: nil)
    encoder.set(bitRate: 0)
    #expect(try modeSent() == 0)
    #expect(decoder.modeRequest == nil)
  }

  @Test(arguments: [8_000, 16_000]) func sendsLittleInSilenceWithDTX(_ rate: Int) throws {
    let encoder = try AMREncoder(sampleRate: rate, bitRate: 12_650, dtx: true)
    let decoder = try AMRDecoder(sampleRate: rate, octetAligned: false)
    var types: [Int] = []
    for _ in 0..<100 {
      let payload = encoder.packet([Int16](repeating: 0, count: rate / 50))
      if payload.isEmpty {
        #expect(decoder.concealed(rate / 50).count == rate / 50)
      } else {
        #expect(decoder.samples(payload).count == rate / 50)
        types += [AMRPayload(payload.span, band: encoder.band, octetAligned: false)?.type(of: 0) ?? -1]
      }
    }
    #expect(types.count < 40)
    #expect(types.last == encoder.band.silenceType)
  }

  @Test(arguments: [8_000, 16_000]) func fallsSilentInALongLoss(_ rate: Int) throws {
    let encoder = try AMREncoder(sampleRate: rate, bitRate: 64_000)
    let decoder = try AMRDecoder(sampleRate: rate, octetAligned: false)
    func energy(_ samples: [Int16]) -> Double { samples.reduce(0) { $0 + Double($1) * Double($1) } }
    var level = 0.0
    for frame in 0..<20 { level = energy(decoder.samples(encoder.packet(Tone.frame(frame, rate: rate)))) }
    #expect(level > 1_000_000)
    let lost = (0..<30).map { _ in energy(decoder.concealed(rate / 50)) }
    #expect(lost[0] > level / 100)
    #expect(lost[29] < level / 1_000)
    #expect(decoder.concealed(3 * rate / 100).count == rate / 50)
  }

  @Test(arguments: [8_000, 16_000], [false, true])
  func survivesPacketsOfNoise(_ rate: Int, _ octetAligned: Bool) throws {
    let decoder = try AMRDecoder(sampleRate: rate, octetAligned: octetAligned)
    let band = decoder.band
    var seed = SeededOctets(seed: 16)
    var decoded = 0
    for number in 0..<2_500 {
      var payload = seed.octets(seed.number(below: 70))
      if number % 2 == 0 {
        // A frame of a type that there is, with random bits: most often good.
        let type = number / 2 % (band.silenceType + 1)
        let bits = band.frameBits(type) ?? 0
        payload = try Self.payload(
          [UInt8(type << 3) | (number % 16 == 0 ? 0 : 4)] + seed.octets((bits + 7) / 8), rate: rate,
          octetAligned: octetAligned)
        #expect(!payload.isEmpty)
      }
      let duration = AMRPayload.duration(payload.span, band: band, octetAligned: octetAligned)
      #expect(decoder.samples(payload).count == duration ?? 0)
      if duration != nil { decoded += 1 }
      if number % 20 == 0 { #expect(decoder.concealed(rate / 50).count == rate / 50) }
    }
    #expect(decoded >= 1_250)
  }

  @Test func refusesRatesThatAMRLacks() {
    #expect(throws: CodecError.unsupportedSampleRate(48_000)) { try AMREncoder(sampleRate: 48_000, bitRate: 12_200) }
    #expect(throws: CodecError.library(0)) {
      try AMREncoder(sampleRate: 16_000, parameters: AMRParameters(fmtp: "mode-set=8"), bitRate: 23_850)
    }
    #expect(throws: CodecError.unsupportedSampleRate(32_000)) { try AMRDecoder(sampleRate: 32_000, octetAligned: true) }
  }
}
