import TestSupport
import Testing

@testable import Codecs

@Suite struct SpeexTests {
  static let names: [String] = {
    guard let files = try? Vectors.list("codec/speex") else { return [] }
    return files.filter { $0.hasSuffix(".frm") }.map { String($0.dropLast(4)) }
  }()

  private static func rate(_ name: String) -> Int {
    name.contains("speex-nb") ? 8_000 : name.contains("speex-wb") ? 16_000 : 32_000
  }

  @Test(.enabled(if: Vectors.isPresent), arguments: names)
  func decodesExactlyAsTheReference(_ name: String) throws {
    let rate = Self.rate(name)
    let decoder = try SpeexDecoder(sampleRate: rate)
    var samples: [Int16] = []
    for payload in try FramedVector.payloads("codec/speex/\(name).frm") {
      if payload.isEmpty {
        samples += decoder.concealed(rate / 50)
      } else {
        #expect(SpeexPacket.duration(payload.span, sampleRate: rate) == rate / 50)
        samples += decoder.samples(payload)
      }
    }
    let reference = try Vectors.samples("codec/speex/\(name).dec.wav")
    #expect(!samples.isEmpty)
    #expect(Array(samples.prefix(reference.count)) == reference)
  }

  @Test(
    .enabled(if: Vectors.isPresent),
    arguments: [("s01_en_f_allison.speex-nb-q8", "loss-r5"), ("s01_en_f_allison.speex-wb-q8", "loss-burst")])
  func concealsExactlyAsTheReference(_ name: String, _ loss: String) throws {
    let rate = Self.rate(name)
    let decoder = try SpeexDecoder(sampleRate: rate)
    let payloads = try FramedVector.payloads("codec/speex/\(name).frm")
    let arrivals = try FramedVector.arrivals("codec/speex/\(name).\(loss).txt")
    #expect(payloads.count == arrivals.count)
    var samples: [Int16] = []
    for (payload, arrived) in zip(payloads, arrivals) {
      samples += arrived ? decoder.samples(payload) : decoder.concealed(rate / 50)
    }
    #expect(samples == (try Vectors.samples("codec/speex/\(name).\(loss).dec.wav")))
  }

  @Test(.enabled(if: Vectors.isPresent), arguments: names)
  func encodesExactlyAsTheReference(_ name: String) throws {
    let rate = Self.rate(name)
    let quality = name.split(separator: "-").first { $0.count == 2 && $0.first == "q" }?.last?.wholeNumberValue
    var parameters = SpeexParameters()
    if name.contains("-vbr") { parameters.bitRate = .variable }
    parameters.comfortNoise = name.hasSuffix("-dtx")
    // The vectors were made with the library's own complexity.
    let encoder = try SpeexEncoder(sampleRate: rate, parameters: parameters, complexity: 2)
    encoder.set(quality: try #require(quality))
    let speaker = try #require(name.split(separator: ".").first)
    let speech = try Vectors.samples("speech/\(speaker).\(rate / 1_000)k.wav")
    let payloads = try FramedVector.payloads("codec/speex/\(name).frm")
    let length = rate / 50
    let frames = speech.count / length
    #expect(frames > 100)
    for (frame, payload) in payloads.prefix(frames).enumerated() {
      let coded = encoder.packet(Array(speech[frame * length..<(frame + 1) * length]))
      // The vector with DTX has the frames of one octet that need not be sent.
      #expect(coded == payload || coded.isEmpty && payload.count == 1, "frame \(frame)")
    }
  }

  @Test(arguments: [8_000, 16_000, 32_000]) func carriesSeveralFramesInAPacket(_ rate: Int) throws {
    let (single, packed) = (
      try SpeexEncoder(sampleRate: rate, complexity: 2), try SpeexEncoder(sampleRate: rate, complexity: 2)
    )
    let (first, second) = (try SpeexDecoder(sampleRate: rate), try SpeexDecoder(sampleRate: rate))
    for packet in 0..<5 {
      var samples: [Int16] = []
      var decoded: [Int16] = []
      for frame in 0..<3 {
        let speech = Tone.frame(packet * 3 + frame, rate: rate)
        samples += speech
        decoded += first.samples(single.packet(speech))
      }
      let payload = packed.packet(samples)
      #expect(SpeexPacket.duration(payload.span, sampleRate: rate) == 3 * rate / 50)
      #expect(second.samples(payload) == decoded)
    }
    #expect(packed.packet([Int16](repeating: 0, count: rate / 50 + 1)).isEmpty)
    #expect(packed.packet([]).isEmpty)
  }

  @Test func framesOfAnyBandAreDecoded() throws {
    // 8,000 Hz hears the lower part of wider frames; a wider decoder takes narrow ones.
    for sent in [8_000, 16_000, 32_000] {
      for received in [8_000, 16_000, 32_000] {
        let encoder = try SpeexEncoder(sampleRate: sent, complexity: 2)
        let decoder = try SpeexDecoder(sampleRate: received)
        for packet in 0..<4 {
          let samples = Tone.frame(2 * packet, rate: sent) + Tone.frame(2 * packet + 1, rate: sent)
          let decoded = decoder.samples(encoder.packet(samples))
          #expect(decoded.count == received / 25)
          if packet == 3 { #expect(decoded.contains { abs(Int($0)) > 1_000 }) }
        }
      }
    }
  }

  @Test func sendsNothingInSilenceWithComfortNoise() throws {
    var parameters = SpeexParameters()
    parameters.comfortNoise = true
    let encoder = try SpeexEncoder(sampleRate: 8_000, parameters: parameters, complexity: 2)
    let sent = (0..<100).filter { _ in !encoder.packet([Int16](repeating: 0, count: 160)).isEmpty }
    #expect(sent.count < 40)
    let plain = try SpeexEncoder(sampleRate: 8_000, complexity: 2)
    #expect((0..<100).allSatisfy { _ in plain.packet([Int16](repeating: 0, count: 160)).count == 38 })
  }

  @Test func refusesRatesThatSpeexLacksAndPacketsThatDoNotFit() throws {
    #expect(throws: CodecError.unsupportedSampleRate(48_000)) { try SpeexEncoder(sampleRate: 48_000, complexity: 2) }
    #expect(throws: CodecError.unsupportedSampleRate(44_100)) { try SpeexDecoder(sampleRate: 44_100) }
    let encoder = try SpeexEncoder(sampleRate: 8_000, complexity: 2)
    var octets = [UInt8](repeating: 0, count: 19)
    var output = octets.mutableSpan
    #expect(encoder.encode(Tone.frame(0, rate: 8_000).span, into: &output) == 0)
  }

  @Test func packetsTellTheirFrames() {
    func frames(_ payload: [UInt8]) -> Int? { SpeexPacket(payload.span)?.count }
    #expect(frames([]) == nil)
    // Mode 0 in five bits, then the padding 011; and mode 0 followed by an end mark.
    #expect(frames([0b0000_0011]) == 1)
    #expect(frames([0b0000_0000, 0b0001_1111]) == 2)
    #expect(frames([0b0000_0000, 0b0000_0001]) == 3)
    #expect(frames([0b0000_0011, 0b1100_0000]) == 1)
    // Mode 3: 160 bits.
    #expect(frames([0b0001_1000] + [UInt8](repeating: 0, count: 19)) == 1)
    #expect(frames([0b0001_1000] + [UInt8](repeating: 0, count: 18)) == nil)
    // Modes 9 to 12 do not exist; nor does a layer without a frame below it, or of mode 5.
    #expect(frames([0b0100_1000]) == nil)
    #expect(frames([0b1000_0000]) == nil)
    #expect(frames([0b0000_0110, 0b1011_1111]) == nil)
    // A layer of mode 0 (four bits), and a message of one octet before the frame.
    #expect(frames([0b0000_0100, 0b0011_1111]) == 1)
    #expect(frames([0b0111_0100, 0b0010_1010, 0b1000_0001]) == 1)
    #expect(frames([0b0111_0100]) == nil)
    #expect(frames([UInt8](repeating: 0, count: 6)) == 9)
    #expect(frames([UInt8](repeating: 0, count: 7)) == nil)
  }

  @Test func survivesPacketsOfNoise() throws {
    let decoders = try [8_000, 16_000, 32_000].map { try SpeexDecoder(sampleRate: $0) }
    var seed = SeededOctets(seed: 5_574)
    var decodable = 0
    for number in 0..<10_000 {
      let payload = seed.octets(seed.number(below: number % 10 == 0 ? 1_600 : 120))
      let decoder = decoders[number % 3]
      let duration = SpeexPacket.duration(payload.span, sampleRate: decoder.sampleRate)
      #expect(decoder.samples(payload).count == duration ?? 0)
      if duration != nil { decodable += 1 }
      if number % 50 == 0 { #expect(decoder.concealed(decoder.frameLength).count == decoder.frameLength) }
    }
    #expect(decodable > 100)
  }

  @Test func survivesDamagedPackets() throws {
    let encoder = try SpeexEncoder(sampleRate: 16_000, complexity: 1)
    let decoder = try SpeexDecoder(sampleRate: 16_000)
    let payloads = (0..<10).map { encoder.packet(Tone.frame($0, rate: 16_000)) }
    var seed = SeededOctets(seed: 8)
    for number in 0..<2_000 {
      var payload = payloads[number % payloads.count]
      for _ in 0..<3 { payload[seed.number(below: payload.count)] = seed.next() }
      payload.removeLast(seed.number(below: 3))
      #expect(decoder.samples(payload).count == SpeexPacket.duration(payload.span, sampleRate: 16_000) ?? 0)
    }
  }

  @Test func readsAndWritesTheParametersOfSDP() {
    var parameters = SpeexParameters(fmtp: "mode=\"1,any\"; vbr=on ;CNG=on")
    #expect(parameters.modes == [1])
    #expect(parameters.takesAnyMode)
    #expect(parameters.bitRate == .variable)
    #expect(parameters.comfortNoise)
    #expect(parameters.fmtp == "vbr=on;cng=on;mode=\"1,any\"")
    #expect(SpeexParameters(fmtp: parameters.fmtp) == parameters)
    parameters = SpeexParameters(fmtp: "vbr=vad;mode=\"10,3,10,77,x\"")
    #expect(parameters.modes == [10, 3])
    #expect(!parameters.takesAnyMode)
    #expect(parameters.bitRate == .voiceActivity)
    #expect(SpeexParameters(fmtp: parameters.fmtp) == parameters)
    #expect(SpeexParameters(fmtp: "") == SpeexParameters())
    #expect(SpeexParameters(fmtp: "vbr=maybe;mode=;=;mode=\"any\"") == SpeexParameters())
    #expect(SpeexParameters().fmtp.isEmpty)
  }

  @Test func theFirstModeGivesTheQuality() throws {
    // RFC 5574, section 2, tables 1 and 2: octets of a frame of 20 ms.
    for (mode, octets) in [(1, 6), (2, 15), (3, 20), (4, 28), (5, 38), (6, 46), (7, 62), (8, 10)] {
      let encoder = try SpeexEncoder(
        sampleRate: 8_000, parameters: SpeexParameters(fmtp: "mode=\"\(mode)\""), complexity: 1)
      #expect(encoder.packet(Tone.frame(0, rate: 8_000)).count == octets)
    }
    for (mode, octets) in [(0, 10), (3, 25), (8, 70), (10, 106)] {
      let encoder = try SpeexEncoder(
        sampleRate: 16_000, parameters: SpeexParameters(fmtp: "mode=\"\(mode),any\""), complexity: 1)
      #expect(encoder.packet(Tone.frame(0, rate: 16_000)).count == octets)
    }
    #expect(SpeexParameters().quality(sampleRate: 8_000) == 8)
    #expect(SpeexParameters().quality(sampleRate: 32_000) == 8)
    #expect(SpeexParameters(fmtp: "mode=\"0,10,6\"").quality(sampleRate: 8_000) == 9)
  }
}
