import Testing
import TestSupport

@testable import Audio

@Suite struct DTMFTests {
  static func digits(in samples: [Int16], rate: Int, frame: Int = 160) -> [UInt8] {
    events(in: samples, rate: rate, frame: frame).compactMap { event in
      switch event {
      case .began(let code): code
      case .ended: nil
      }
    }
  }

  static func events(in samples: [Int16], rate: Int, frame: Int = 160) -> [DTMFEvent] {
    var detector = DTMFDetector(sampleRate: rate)
    var events: [DTMFEvent] = []
    var place = 0
    while place < samples.count {
      let end = min(place + frame, samples.count)
      detector.process(samples.span.extracting(place..<end))
      while let event = detector.nextEvent() { events.append(event) }
      place = end
    }
    return events
  }

  static func silence(_ milliseconds: Int, _ rate: Int) -> [Int16] {
    Array(repeating: 0, count: milliseconds * rate / 1_000)
  }

  @Test(arguments: [8_000, 16_000, 48_000], [97, 160, 320])
  func findsAllSixteenDigitsAtMinusThirtyWithNoise(rate: Int, frame: Int) {
    var samples = Self.silence(50, rate)
    for code in UInt8(0)..<16 {
      samples += DTMFTone.samples(code: code, duration: 50, pause: 50, level: -30, sampleRate: rate)
    }
    samples = Signals.sum(samples, Signals.noise(count: samples.count, amplitude: 230, seed: 5))
    #expect(Self.digits(in: samples, rate: rate, frame: frame) == Array(0..<16))
  }

  @Test(arguments: UInt8(0)..<16)
  func acceptsFortyMillisecondsWhereverTheyStart(code: UInt8) {
    for offset in stride(from: 0, to: 120, by: 7) {
      let samples =
        Array(repeating: Int16(0), count: offset)
        + DTMFTone.samples(code: code, duration: 40, pause: 60, level: -12, sampleRate: 8_000)
      #expect(Self.digits(in: samples, rate: 8_000) == [code], "offset \(offset)")
    }
  }

  @Test(arguments: UInt8(0)..<16)
  func rejectsLessThanTwentyThreeMilliseconds(code: UInt8) {
    for (offset, duration) in zip(stride(from: 0, to: 120, by: 7), [22, 22, 20, 22, 15, 22, 22, 10, 22, 22, 22].cycled)
    {
      let samples =
        Array(repeating: Int16(0), count: offset)
        + DTMFTone.samples(code: code, duration: duration, pause: 60, level: -6, sampleRate: 8_000)
      #expect(Self.digits(in: samples, rate: 8_000) == [], "offset \(offset), \(duration) ms")
    }
  }

  @Test(arguments: UInt8(0)..<16)
  func standsTwistWithinLimitsOnly(code: UInt8) {
    for twist in [-8.0, -4, 0, 2, 4] {
      let samples = DTMFTone.samples(code: code, duration: 60, pause: 60, level: -15, twist: twist, sampleRate: 8_000)
      #expect(Self.digits(in: samples, rate: 8_000) == [code], "twist \(twist)")
    }
    for twist in [-13.0, 9, 15] {
      let samples = DTMFTone.samples(code: code, duration: 60, pause: 60, level: -15, twist: twist, sampleRate: 8_000)
      #expect(Self.digits(in: samples, rate: 8_000) == [], "twist \(twist)")
    }
  }

  @Test(arguments: 0..<4, 0..<4)
  func acceptsFrequenciesWithinOnePointEightPerCentAndRefusesFour(row: Int, column: Int) {
    for (low, high, isDigit) in [
      (1.018, 1.018, true), (0.982, 0.982, true), (1.018, 0.982, true), (0.982, 1.018, true),
      (1.04, 1.0, false), (0.96, 1.0, false), (1.0, 1.04, false), (1.0, 0.96, false),
    ] {
      let count = 8_000 * 60 / 1_000
      let tone = Signals.sum(
        Signals.sine(DTMFTone.rows[row] * low, amplitude: 8_000, rate: 8_000, count: count),
        Signals.sine(DTMFTone.columns[column] * high, amplitude: 8_000, rate: 8_000, count: count))
      let found = Self.digits(in: tone + Self.silence(60, 8_000), rate: 8_000)
      #expect(found == (isDigit ? [DTMFTone.keypad[row * 4 + column]] : []), "\(low) \(high)")
    }
  }

  @Test func countsADigitThatIsPressedTwiceTwiceAndALongOneOnce() {
    let twice = DTMFTone.samples(code: 5, duration: 60, pause: 50, sampleRate: 8_000)
    #expect(Self.digits(in: twice + twice, rate: 8_000) == [5, 5])
    let long = DTMFTone.samples(code: 5, duration: 3_000, pause: 50, sampleRate: 8_000)
    #expect(Self.digits(in: long, rate: 8_000) == [5])
  }

  @Test(arguments: [50, 100, 400, 2_000])
  func tellsHowLongADigitLasted(duration: Int) {
    let samples = DTMFTone.samples(code: 9, duration: duration, pause: 60, sampleRate: 8_000)
    guard case .ended(9, let milliseconds)? = Self.events(in: samples, rate: 8_000).last else {
      Issue.record("no end")
      return
    }
    #expect(abs(milliseconds - duration) <= 10, "\(milliseconds)")
  }

  @Test func bridgesADropOfAPacketNeitherInsideADigitNorBetweenTwo() {
    var samples = DTMFTone.samples(code: 3, duration: 120, pause: 60, sampleRate: 8_000)
    for index in 480..<520 { samples[index] = 0 }
    #expect(Self.digits(in: samples, rate: 8_000) == [3])
  }

  @Test(.enabled(if: Vectors.isPresent))
  func neverTakesVoicesOrMusicForADigit() throws {
    for file in try Vectors.list("speech") where file.hasSuffix(".wav") && !file.hasPrefix("n02") {
      let rate =
        file.contains(".48k") ? 48_000 : file.contains(".32k") ? 32_000 : file.contains(".16k") ? 16_000 : 8_000
      let samples = try Vectors.samples("speech/\(file)")
      #expect(Self.digits(in: samples, rate: rate) == [], "\(file)")
    }
  }

  @Test(.enabled(if: Vectors.isPresent))
  func findsADigitUnderAVoiceThatIsTwentyDecibelsSofter() throws {
    let voice = try Vectors.samples("speech/s01_en_f_allison.8k.wav")
    var samples = voice.map { Int16($0 / 16) }
    var expected: [UInt8] = []
    for code in UInt8(0)..<16 {
      let tone = DTMFTone.samples(code: code, duration: 100, pause: 0, level: -12, sampleRate: 8_000)
      let start = 4_000 + Int(code) * 3_000
      for index in tone.indices {
        samples[start + index] = Int16(clamping: Int(samples[start + index]) + Int(tone[index]))
      }
      expected.append(code)
    }
    #expect(Self.digits(in: samples, rate: 8_000) == expected)
  }

  @Test func noiseAndSingleTonesAreNoDigits() {
    #expect(Self.digits(in: Signals.noise(count: 80_000, amplitude: 20_000, seed: 2), rate: 8_000) == [])
    for frequency in DTMFTone.rows + DTMFTone.columns + [350, 440, 425, 1_000, 2_100] {
      #expect(Self.digits(in: Signals.sine(frequency, amplitude: 16_000, rate: 8_000, count: 4_000), rate: 8_000) == [])
    }
    let dial = Signals.sum(
      Signals.sine(350, amplitude: 8_000, rate: 8_000, count: 8_000),
      Signals.sine(440, amplitude: 8_000, rate: 8_000, count: 8_000))
    #expect(Self.digits(in: dial, rate: 8_000) == [])
  }

  @Test func whatIsNoDigitHasNoTone() {
    #expect(DTMFTone(code: 16, sampleRate: 8_000) == nil)
    #expect(DTMFTone.samples(code: 255, sampleRate: 8_000) == [])
  }
}

extension Array {
  /// The elements again and again.
  fileprivate var cycled: some Sequence<Element> {
    sequence(first: 0) { $0 + 1 }.lazy.map { self[$0 % count] }
  }
}
