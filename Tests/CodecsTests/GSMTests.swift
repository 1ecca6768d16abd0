import Testing

@testable import Codecs

@Suite struct GSMTests {
  private static func energy(_ samples: some Sequence<Int16>) -> Double {
    samples.reduce(0.0) { $0 + Double($1) * Double($1) }
  }

  @Test func carriesAVoiceThereAndBack() {
    var (encoder, decoder) = (GSMEncoder(), GSMDecoder())
    var (sent, received) = (0.0, 0.0)
    for frame in 0..<20 {
      let samples = Tone.frame(frame, rate: 8_000)
      let payload = encoder.packet(samples)
      #expect(payload.count == 33)
      #expect(payload[0] >> 4 == 0xD)
      #expect(GSMPacket.duration(payload.span) == 160)
      let decoded = decoder.samples(payload)
      #expect(decoded.count == 160)
      if frame >= 5 {
        sent += Self.energy(samples)
        received += Self.energy(decoded)
      }
    }
    #expect(abs(received / sent - 1) < 0.3)
  }

  @Test func silenceIsTheHomingFrameOfTheStandardsTables() {
    // What every GSM 06.10 encoder makes of zeros.
    var encoder = GSMEncoder()
    let silence =
      [0xD8, 0x20, 0xA2, 0xE1, 0x5A]
      + [[Int]](repeating: [0x50, 0x00, 0x49, 0x24, 0x92, 0x49, 0x24], count: 4).joined()
    #expect(encoder.packet([Int16](repeating: 0, count: 160)) == silence.map { UInt8($0) })
  }

  @Test func aCopyGoesOnExactlyAsItsOrigin() {
    var encoder = GSMEncoder()
    for frame in 0..<10 { _ = encoder.packet(Tone.frame(frame, rate: 8_000)) }
    var fork = encoder
    var stray = encoder
    _ = stray.packet(SeededNoise.frame)
    for frame in 10..<30 {
      let samples = Tone.frame(frame, rate: 8_000)
      #expect(fork.packet(samples) == encoder.packet(samples))
    }
    _ = fork.packet(SeededNoise.frame)
    #expect(fork.packet(Tone.frame(30, rate: 8_000)) != encoder.packet(Tone.frame(30, rate: 8_000)))
  }

  @Test func carriesSeveralFramesInAPacket() {
    var (single, packed) = (GSMEncoder(), GSMEncoder())
    var (first, second) = (GSMDecoder(), GSMDecoder())
    let frames = (0..<4).map { Tone.frame($0, rate: 8_000) }
    let payloads = frames.map { single.packet($0) }
    let payload = packed.packet(Array(frames.joined()))
    #expect(payload == Array(payloads.joined()))
    #expect(GSMPacket.duration(payload.span) == 640)
    #expect(second.samples(payload) == payloads.flatMap { first.samples($0) })
    #expect(packed.packet([Int16](repeating: 0, count: 161)).isEmpty)
    #expect(packed.packet([]).isEmpty)
  }

  @Test func substitutesALostFrameAndThenFallsSilent() {
    var (encoder, decoder) = (GSMEncoder(), GSMDecoder())
    #expect(decoder.concealed(160).allSatisfy { $0 == 0 })
    var level = 0.0
    for frame in 0..<10 { level = Self.energy(decoder.samples(encoder.packet(Tone.frame(frame, rate: 8_000)))) }
    let lost = (0..<20).map { _ in Self.energy(decoder.concealed(160)) }
    #expect(lost[0] > level / 2)
    #expect(lost[0] < level * 2)
    #expect(lost[4] < level / 2)
    #expect(lost[12] < level / 1_000)
    #expect(lost[16...].allSatisfy { $0 == 0 })
    // The voice comes back. (Without the pause the encoder would still lean on what the decoder missed.)
    for _ in 0..<5 { _ = decoder.samples(encoder.packet([Int16](repeating: 0, count: 160))) }
    var back = 0.0
    for frame in 0..<5 { back = Self.energy(decoder.samples(encoder.packet(Tone.frame(frame, rate: 8_000)))) }
    #expect(back > level / 2)
    #expect(decoder.concealed(479).count == 320)
  }

  @Test func packetsTellTheirDuration() {
    #expect(GSMPacket.duration([UInt8]().span) == nil)
    #expect(GSMPacket.duration([UInt8](repeating: 0xD0, count: 66).span) == 320)
    #expect(GSMPacket.duration([UInt8](repeating: 0xD0, count: 65).span) == nil)
    #expect(GSMPacket.duration([UInt8](repeating: 0xC0, count: 33).span) == nil)
    #expect(GSMPacket.duration([UInt8](repeating: 0xD0, count: 330).span) == 1_600)
    #expect(GSMPacket.duration([UInt8](repeating: 0xD0, count: 363).span) == nil)
  }

  @Test func survivesPacketsOfNoise() {
    var decoder = GSMDecoder()
    var seed = SeededOctets(seed: 610)
    for number in 0..<10_000 {
      var payload = seed.octets(number % 3 == 0 ? seed.number(below: 400) : 33 * (1 + seed.number(below: 3)))
      if number % 4 != 0 { for place in stride(from: 0, to: payload.count, by: 33) { payload[place] |= 0xD0 } }
      if number % 4 != 0 { for place in stride(from: 0, to: payload.count, by: 33) { payload[place] &= 0xDF } }
      #expect(decoder.samples(payload).count == GSMPacket.duration(payload.span) ?? 0)
      if number % 5 == 0 { #expect(decoder.concealed(160).count == 160) }
    }
  }

  @Test func survivesTheLoudestInput() {
    var encoder = GSMEncoder()
    var seed = SeededOctets(seed: 1)
    for number in 0..<500 {
      let samples: [Int16] =
        switch number % 5 {
        case 0: [Int16](repeating: .min, count: 160)
        case 1: (0..<160).map { $0 % 2 == 0 ? .min : .max }
        case 2: seed.samples(160)
        case 3: [Int16](repeating: .max, count: 160)
        default: (0..<160).map { _ in seed.next() & 1 == 0 ? .min : .max }
        }
      #expect(encoder.packet(samples).count == 33)
    }
  }
}

private enum SeededNoise {
  static var frame: [Int16] {
    var seed = SeededOctets(seed: 2)
    return seed.samples(160)
  }
}
