import Testing

@testable import Audio

@Suite struct ResamplerTests {
  static let rates = [8_000, 16_000, 24_000, 32_000, 44_100, 48_000]
  static let pairs: [(Int, Int)] = rates.flatMap { from in rates.filter { $0 != from }.map { (from, $0) } }

  @Test(arguments: pairs)
  func passBandIsFlatAndStopBandIsDown(from: Int, to: Int) {
    // What the filter is, measured from its own coefficients: gain at a frequency of the raised rate.
    let resampler = Resampler(from: from, to: to)
    let nyquist = Double(min(from, to)) / 2
    let raised = Double(from) * Double(resampler.up)
    for share in [0.01, 0.1, 0.25, 0.5, 0.7, 0.8, 0.85, 0.88, 0.9] {
      let gain = Signals.gain(of: resampler.filter, up: resampler.up, at: share * nyquist / raised)
      #expect(abs(gain) <= 0.1, "\(share): \(gain) dB")
    }
    for share in [1.1, 1.12, 1.15, 1.2, 1.37, 1.5, 1.9, 2.0, 2.7, 3.1] where share * nyquist < raised / 2 {
      let gain = Signals.gain(of: resampler.filter, up: resampler.up, at: share * nyquist / raised)
      #expect(gain <= -80, "\(share): \(gain) dB")
    }
  }

  @Test(arguments: pairs)
  func tonesComeThroughWithTheirLevelAndNoImages(from: Int, to: Int) {
    let nyquist = Double(min(from, to)) / 2
    for share in [0.1, 0.5, 0.88] {
      var resampler = Resampler(from: from, to: to)
      let input = Signals.sine(share * nyquist, amplitude: 20_000, rate: from, count: from / 4)
      let output = Signals.resample(input, by: &resampler)
      let body = Array(output[output.count / 4..<output.count * 3 / 4])
      let fit = Signals.fit(body, frequency: share * nyquist, rate: to)
      #expect(abs(Signals.decibels(fit.amplitude / 20_000)) <= 0.1)
      // What is not the tone: rounding to 16 bits leaves 0.3 of a step, the stop band 2 steps at the very most.
      #expect(Signals.decibels(fit.residual / 20_000) <= -78, "\(share): \(Signals.decibels(fit.residual / 20_000))")
    }
  }

  @Test(arguments: [(48_000, 8_000), (48_000, 16_000), (16_000, 8_000), (44_100, 8_000), (48_000, 44_100)])
  func tonesAboveTheNewNyquistVanish(from: Int, to: Int) {
    let frequency = min(Double(to) / 2 * 1.12, Double(from) / 2 * 0.99)
    guard frequency >= Double(to) / 2 * 1.1 else { return }
    var resampler = Resampler(from: from, to: to)
    let output = Signals.resample(
      Signals.sine(frequency, amplitude: 30_000, rate: from, count: from / 4), by: &resampler)
    let rest = output[output.count / 4..<output.count * 3 / 4]
    #expect(rest.allSatisfy { abs(Int($0)) <= 4 })
  }

  @Test(arguments: pairs)
  func anHourHasExactlyItsSamples(from: Int, to: Int) {
    var resampler = Resampler(from: from, to: to)
    // Odd frame lengths, as a stream of packets may bring them; counted without filtering every sample.
    var input = 0
    var output = 0
    var random = Signals.Noise(seed: 7)
    while input < from * 3_600 {
      let count = min(1 + Int(random.next() % 2_880), from * 3_600 - input)
      output += resampler.advance(count)
      input += count
    }
    #expect(output == to * 3_600)
  }

  @Test(arguments: pairs)
  func countedAndFilteredAgreeAndFrameLengthsDoNotMatter(from: Int, to: Int) {
    let input = Signals.noise(count: from / 2, amplitude: 10_000, seed: 3)
    var whole = Resampler(from: from, to: to)
    let expected = Signals.resample(input, by: &whole)
    var pieces = Resampler(from: from, to: to)
    var output: [Int16] = []
    var random = Signals.Noise(seed: 11)
    var place = 0
    while place < input.count {
      let count = min(1 + Int(random.next() % 1_500), input.count - place)
      let promised = pieces.outputCount(for: count)
      let part = Signals.resample(Array(input[place..<place + count]), by: &pieces)
      #expect(part.count == promised)
      output += part
      place += count
    }
    #expect(output == expected)
  }

  @Test(arguments: pairs)
  func blocksOfEveryKindOfLengthGiveTheSameStream(from: Int, to: Int) {
    let lengths = [1, 2, 3, 5, 7, 8, 9, 31, 80, 147, 160, 161, 441, 882, 959, 960, 961]
    let input = Signals.noise(count: lengths.reduce(0, +), amplitude: 20_000, seed: 5)
    var whole = Resampler(from: from, to: to)
    let expected = Signals.resample(input, by: &whole)
    for order in [lengths, lengths.reversed()] {
      var pieces = Resampler(from: from, to: to)
      var output: [Int16] = []
      var place = 0
      for count in order {
        output += Signals.resample(Array(input[place..<place + count]), by: &pieces)
        place += count
      }
      #expect(output == expected)
    }
  }

  @Test(arguments: pairs.filter { $0.0 > $0.1 })
  func sweptTonesAboveTheNewBandVanish(from: Int, to: Int) {
    var share = 1.1
    while share * Double(to) / 2 < Double(from) / 2 * 0.99 {
      var resampler = Resampler(from: from, to: to)
      let tone = Signals.sine(share * Double(to) / 2, amplitude: 30_000, rate: from, count: from / 25)
      let output = Signals.resample(tone, by: &resampler)
      // Behind the onset, which is no tone.
      let rest = output.dropFirst(3 * resampler.latency)
      #expect(Signals.decibels(Signals.rms(rest) * 2.0.squareRoot() / 30_000) <= -80, "\(share)")
      share *= 1.17
    }
  }

  @Test func twentyMillisecondsStayTwentyMilliseconds() {
    for (from, to) in Self.pairs {
      var resampler = Resampler(from: from, to: to)
      for _ in 0..<10 {
        let output = Signals.resample(Array(repeating: 100, count: from / 50), by: &resampler)
        #expect(output.count == to / 50)
      }
    }
  }

  @Test func tooSmallAnOutputLosesSamplesAndNothingElse() {
    var resampler = Resampler(from: 8_000, to: 48_000)
    let input = Signals.sine(400, amplitude: 8_000, rate: 8_000, count: 160)
    var small = Array(repeating: Int16(0), count: 100)
    var span = small.mutableSpan
    #expect(resampler.process(input.span, into: &span) == 100)
    #expect(Signals.resample(input, by: &resampler).count == 960)
  }

  @Test func latencyIsWhatIsPromised() {
    for (from, to) in Self.pairs {
      var resampler = Resampler(from: from, to: to)
      var input = Array(repeating: Int16(0), count: from / 10)
      input[0] = 20_000
      let output = Signals.resample(input, by: &resampler)
      let peak = output.indices.max { output[$0] < output[$1] } ?? 0
      #expect(abs(peak - resampler.latency) <= to / from + 1)
    }
  }

  @Test func clipsAreNeitherShortenedNorDelayed() {
    let clip = AudioClip(
      samples: Signals.sine(500, amplitude: 10_000, rate: 8_000, count: 8_000), sampleRate: 8_000, name: "a")
    let higher = clip.resampled(to: 48_000)
    #expect(higher.samples.count == 48_000)
    #expect(higher.duration == 1_000)
    let wanted = Signals.sine(500, amplitude: 10_000, rate: 48_000, count: 48_000)
    for index in 4_800..<43_200 { #expect(abs(Int(higher.samples[index]) - Int(wanted[index])) < 80) }
    #expect(clip.resampled(to: 8_000).samples == clip.samples)
  }

  @Test func fullScaleIsLimitedAndNeverWraps() {
    var resampler = Resampler(from: 8_000, to: 48_000)
    let square: [Int16] = (0..<1_600).map { $0 / 40 % 2 == 0 ? 32_767 : -32_768 }
    let output = Signals.resample(square, by: &resampler)
    // In the middle of a half period the output must have the input's sign.
    for index in 1_000..<1_500 {
      let place = index * 6 + resampler.latency
      if index % 40 > 8, index % 40 < 32, place < output.count { #expect((output[place] > 0) == (square[index] > 0)) }
    }
  }
}
