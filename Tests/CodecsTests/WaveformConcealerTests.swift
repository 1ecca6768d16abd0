import TestSupport
import Testing

@testable import Codecs

@Suite struct WaveformConcealerTests {
  static let rates = [8_000, 16_000, 44_100, 48_000]

  /// A voiced sound of 125 Hz: its harmonics fall off.
  private static func voice(_ count: Int, rate: Int) -> [Int16] {
    (0..<count).map { index in
      let phase = Double(index * 125 % rate) / Double(rate) * 2 - 1
      return Int16(9_000 * phase * (1 - phase * phase))
    }
  }

  private static func receive(_ samples: [Int16], _ concealer: inout WaveformConcealer) -> [Int16] {
    var copy = samples
    var span = copy.mutableSpan
    concealer.receive(&span)
    return copy
  }

  private static func conceal(_ count: Int, _ concealer: inout WaveformConcealer) -> [Int16] {
    var samples = [Int16](repeating: 99, count: count)
    var span = samples.mutableSpan
    #expect(concealer.conceal(count, into: &span) == count)
    return samples
  }

  private static func greatestStep(_ samples: [Int16]) -> Int {
    zip(samples, samples.dropFirst()).map { abs(Int($0) - Int($1)) }.max() ?? 0
  }

  @Test(arguments: rates) func goesOnWithAVoiceAsIfNothingWereLost(_ rate: Int) {
    let frame = rate / 50
    let voice = Self.voice(12 * frame, rate: rate)
    var concealer = WaveformConcealer(sampleRate: rate)
    for number in 0..<10 {
      let part = Array(voice[number * frame..<(number + 1) * frame])
      #expect(Self.receive(part, &concealer) == part)
    }
    let made = Self.conceal(frame, &concealer)
    let half = frame / 2
    let real = voice[10 * frame..<10 * frame + half]
    let error = zip(made, real).reduce(0.0) { $0 + Double(abs(Int($1.0) - Int($1.1))) } / Double(half)
    #expect(error < 150, "mean error of the first 10 ms at an amplitude of 3,460")
    let back = Self.receive(Array(voice[11 * frame..<12 * frame]), &concealer)
    let joined = Array(voice[9 * frame..<10 * frame]) + made + back
    #expect(Self.greatestStep(joined) <= Self.greatestStep(voice) * 3 / 2 + 20, "no click where it begins or ends")
    #expect(Array(back.suffix(half - 1)) == Array(voice[11 * frame..<12 * frame].suffix(half - 1)))
  }

  @Test(arguments: rates) func fadesAfterTenMillisecondsAndIsSilentAfterSixty(_ rate: Int) {
    let frame = rate / 50
    var concealer = WaveformConcealer(sampleRate: rate)
    for number in 0..<10 {
      _ = Self.receive(Array(Self.voice(12 * frame, rate: rate)[number * frame..<(number + 1) * frame]), &concealer)
    }
    let energies = (0..<5).map { _ in
      Self.conceal(frame, &concealer).reduce(0.0) { $0 + Double($1) * Double($1) }
    }
    #expect(energies[0] > energies[1] && energies[1] > energies[2])
    #expect(energies[2] > 0 && energies[3] == 0 && energies[4] == 0)
  }

  @Test(arguments: rates) func silenceStaysSilence(_ rate: Int) {
    var concealer = WaveformConcealer(sampleRate: rate)
    #expect(Self.conceal(rate / 50, &concealer).allSatisfy { $0 == 0 })
    _ = Self.receive([Int16](repeating: 0, count: rate / 50), &concealer)
    #expect(Self.conceal(rate / 10, &concealer).allSatisfy { $0 == 0 })
  }

  @Test(arguments: rates) func survivesLoudNoiseAndLengthsOfEveryKind(_ rate: Int) {
    var seed: UInt64 = 3
    var concealer = WaveformConcealer(sampleRate: rate)
    for round in 0..<300 {
      seed = seed &* 6_364_136_223_846_793_005 &+ 1
      let count = Int(seed >> 50) % (rate / 10)
      if round % 3 == 0 {
        _ = Self.conceal(count, &concealer)
      } else {
        let noise = (0..<count).map { index in (index &* Int(seed >> 40)) & 8 == 0 ? Int16.min : Int16.max }
        #expect(Self.receive(noise, &concealer).count == count)
      }
    }
  }

  /// How well the best lag from 5 to 15 ms foretells a frame at 8 kHz from what came before it: 1 is perfectly.
  private static func predictability(of start: Int, in speech: [Int16]) -> Double {
    guard start >= 120, start + 160 <= speech.count else { return 0 }
    return (40...120).map { lag in
      var (product, own, other) = (0.0, 0.0, 0.0)
      for index in start..<start + 80 {
        let (now, before) = (Double(speech[index]), Double(speech[index - lag]))
        product += now * before
        own += now * now
        other += before * before
      }
      return own > 80 * 100 * 100 ? product / max((own * other).squareRoot(), 1) : 0
    }.max() ?? 0
  }

  /// Where a voice goes on as before, what is made up is nearer to it than silence is. Where it changes nobody can know, and a
  /// guess with the voice's energy differs more than silence does, though it sounds better.
  @Test(.enabled(if: Vectors.isPresent), arguments: ["s01_en_f_allison", "s02_it_m_carlo", "s03_fr_f_june"])
  func lostVoicedSpeechIsNearerToTheRealThanSilenceIs(_ name: String) throws {
    let speech = try Vectors.samples("speech/\(name).8k.wav")
    var encoder = try AudioEncoder(format: .pcmu, sampleRate: 8_000, bitRate: 0, complexity: 0)
    var decoder = AudioDecoder(format: .pcmu, outputRate: 8_000)
    var (error, silence, seed, losses) = (0.0, 0.0, UInt64(1), 0)
    for start in stride(from: 0, to: speech.count - 160, by: 160) {
      let frame = Array(speech[start..<start + 160])
      let payload = encoder.packet(frame)
      seed = seed &* 6_364_136_223_846_793_005 &+ 1
      guard (seed >> 33) % 10 == 0 else {
        #expect(decoder.samples(payload).count == 160)
        continue
      }
      let made = decoder.concealed(160)
      guard Self.predictability(of: start, in: speech) > 0.9 else { continue }
      losses += 1
      // The first 10 ms: then it fades by design.
      for (made, real) in zip(made, frame).prefix(80) {
        error += Double(Int(made) - Int(real)) * Double(Int(made) - Int(real))
        silence += Double(real) * Double(real)
      }
    }
    #expect(losses > 5)
    #expect(error < silence * 0.9)
  }
}
