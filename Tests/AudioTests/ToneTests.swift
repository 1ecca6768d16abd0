import Testing

@testable import Audio

@Suite struct ToneTests {
  @Test(arguments: [8_000, 16_000, 44_100, 48_000])
  func aToneHasItsFrequencyAndLevelForLong(rate: Int) {
    var tone = ToneGenerator([.init(frequency: 425, level: -12)], sampleRate: rate)
    var samples = Array(repeating: Int16(0), count: rate * 5)
    for start in stride(from: 0, to: samples.count, by: rate / 50) {
      var span = samples.mutableSpan
      var part = span._mutatingExtracting(start..<start + rate / 50)
      tone.generate(into: &part)
    }
    let fit = Signals.fit(Array(samples[(rate * 4)...]), frequency: 425, rate: rate)
    #expect(abs(Signals.decibels(fit.amplitude / 32_767) + 12) < 0.01)
    #expect(fit.residual < 1)
  }

  @Test func aCadenceComesAndGoesWithoutClicks() {
    var tone = ToneGenerator.busy(sampleRate: 8_000)
    var samples = Array(repeating: Int16(0), count: 16_000)
    var span = samples.mutableSpan
    tone.generate(into: &span)
    #expect(samples[4_000..<8_000].allSatisfy { $0 == 0 })
    #expect(samples[12_000..<16_000].allSatisfy { $0 == 0 })
    #expect(Signals.rms(samples[8_100..<11_900]) > 3_000)
    #expect(Signals.largestStep(samples) < 2_000)
  }

  @Test(arguments: [8_000, 48_000])
  func musicOnHoldIsTheSameEachTimeLoopsAndIsNotLoud(rate: Int) {
    let music = HoldMusic.clip(sampleRate: rate)
    #expect(music.samples == HoldMusic.clip(sampleRate: rate).samples)
    #expect(music.duration == 32_000)
    var peak = 0
    for sample in music.samples { peak = max(peak, abs(Int(sample))) }
    #expect((7_000...8_300).contains(peak))
    let inside = Signals.largestStep(music.samples)
    if let last = music.samples.last, let first = music.samples.first {
      #expect(abs(Int(first) - Int(last)) <= inside)
    }
    // Nowhere silent for long, as people would hang up.
    for second in 0..<32 { #expect(Signals.rms(music.samples[(second * rate)..<((second + 1) * rate)]) > 200) }
    #expect(DTMFTests.digits(in: music.samples, rate: rate) == [])
  }

  @Test(arguments: [8_000, 16_000, 48_000], [90.0, 130, 210, 330])
  func scalingTimeTakesOrGivesOnePeriodWithoutAClick(rate: Int, pitch: Double) {
    let scaler = TimeScaler(sampleRate: rate)
    let input = Signals.sine(pitch, amplitude: 12_000, rate: rate, count: rate * 30 / 1_000)
    var output = Array(repeating: Int16(0), count: scaler.capacity(for: input.count))
    var span = output.mutableSpan
    let less = scaler.accelerate(input.span, into: &span)
    let shorter = Array(output[0..<less])
    var again = output.mutableSpan
    let more = scaler.expand(input.span, into: &again)
    let longer = Array(output[0..<more])
    let period = Double(rate) / pitch
    for change in [Double(input.count - less), Double(more - input.count)] {
      #expect(change > 0)
      let periods = (change / period).rounded()
      #expect(abs(change - periods * period) <= period * 0.05 + 1)
    }
    #expect(Signals.largestStep(shorter) <= Signals.largestStep(input) * 11 / 10 + 2)
    #expect(Signals.largestStep(longer) <= Signals.largestStep(input) * 11 / 10 + 2)
    // The ends join what stands before and after.
    #expect(shorter.last == input.last && longer.last == input.last && longer.first == input.first)
    let fit = Signals.fit(longer, frequency: pitch, rate: rate)
    #expect(abs(Signals.decibels(fit.amplitude / 12_000)) < 1)
  }

  @Test func noiseIsNotScaledAndSilenceIs() {
    let scaler = TimeScaler(sampleRate: 16_000)
    var output = Array(repeating: Int16(0), count: 2_000)
    var span = output.mutableSpan
    let noise = Signals.noise(count: 640, amplitude: 12_000, seed: 3)
    #expect(scaler.accelerate(noise.span, into: &span) == 640)
    #expect(scaler.expand(noise.span, into: &span) == 640)
    let silence = Array(repeating: Int16(0), count: 640)
    #expect(scaler.accelerate(silence.span, into: &span) == 400)
    #expect(scaler.expand(silence.span, into: &span) == 880)
    #expect(scaler.accelerate(noise.span.extracting(first: 3), into: &span) == 3)
    #expect(scaler.expand(noise.span.extracting(first: 0), into: &span) == 0)
    var small = span._mutatingExtracting(first: 10)
    #expect(scaler.expand(silence.span, into: &small) == 10)
  }
}
