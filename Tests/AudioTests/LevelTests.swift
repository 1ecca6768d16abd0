import Testing
import TestSupport

@testable import Audio

@Suite struct LevelTests {
  @Test func levelsAreRelativeToOverload() {
    var meter = LevelMeter()
    #expect(meter.measure(Array(repeating: Int16(32_767), count: 160).span) == 0)
    #expect(abs(meter.measure(Signals.sine(400, amplitude: 32_767, rate: 8_000, count: 160).span) + 3.01) < 0.02)
    #expect(abs(meter.measure(Signals.sine(400, amplitude: 3_276.7, rate: 8_000, count: 160).span) + 23.01) < 0.02)
    #expect(meter.measure(Array(repeating: Int16(0), count: 160).span) == -127)
    #expect(meter.measure(Array<Int16>().span) == -127)
    #expect(meter.measure(Array(repeating: Int16.min, count: 160).span) == 0)
    #expect(meter.peak == 32_768)
    #expect(LevelMeter.wireLevel(-23.4) == 23)
    #expect(LevelMeter.wireLevel(-500) == 127)
    #expect(LevelMeter.wireLevel(1) == 0)
  }

  @Test func talkingStartsSoonAndEndsLate() {
    var detector = TalkerDetector()
    for _ in 0..<50 { #expect(detector.update(level: -65) == nil) }
    #expect(detector.update(level: -25) == nil)
    #expect(detector.update(level: -25) == .started)
    #expect(detector.isTalking)
    // A pause between two words.
    for _ in 0..<10 { #expect(detector.update(level: -65) == nil) }
    #expect(detector.update(level: -30) == nil)
    for _ in 0..<14 { #expect(detector.update(level: -65) == nil) }
    #expect(detector.update(level: -65) == .stopped)
    #expect(!detector.isTalking)
  }

  @Test func aClickAndSteadyNoiseAreNoTalkers() {
    var detector = TalkerDetector()
    for _ in 0..<100 {
      #expect(detector.update(level: -20) == nil)
      for _ in 0..<5 { #expect(detector.update(level: -65) == nil) }
    }
    // A fan is switched on: at first it passes for speech, but not for ever.
    for _ in 0..<3_000 { _ = detector.update(level: -40) }
    #expect(!detector.isTalking)
    _ = detector.update(level: -20)
    #expect(detector.update(level: -20) == .started)
  }

  @Test(.enabled(if: Vectors.isPresent))
  func realVoicesAreTalkersMostOfTheTime() throws {
    for name in ["s01_en_f_allison", "s02_it_m_carlo", "s03_fr_f_june"] {
      let samples = try Vectors.samples("speech/\(name).8k.wav")
      var meter = LevelMeter()
      var detector = TalkerDetector()
      var edges = 0
      var talking = 0
      let frames = samples.count / 160
      for frame in 0..<frames {
        let level = meter.measure(samples.span.extracting(frame * 160..<(frame + 1) * 160))
        if detector.update(level: level) != nil { edges += 1 }
        if detector.isTalking { talking += 1 }
      }
      #expect(talking * 2 > frames, "\(name): \(talking) of \(frames)")
      #expect(edges < 20, "\(name): \(edges) edges")
    }
  }

  @Test(arguments: [(-32.0, -20.0), (-25, -25), (-15, -15), (-12, -20), (-50, -32), (-4, -20)])
  func levellingBringsVoicesTogetherWithinItsRangeAndLeavesGoodOnesAlone(level: Double, expected: Double) {
    var gain = AutomaticGain()
    var meter = LevelMeter()
    let amplitude = min(Mathematics.amplitude(decibels: level + 3.01) * 32_767, 32_767)
    var measured: Float = 0
    for frame in 0..<1_500 {
      var samples = Signals.sine(
        440, amplitude: amplitude, rate: 8_000, count: 160, phase: Double(frame) * 0.8 * 22 * Double.pi)
      let now = meter.measure(samples.span)
      var span = samples.mutableSpan
      gain.process(&span, level: level == -50 ? -49.5 : now, isTalking: true)
      measured = meter.measure(samples.span)
    }
    #expect(abs(Double(measured) - expected) < 1)
  }

  @Test func levellingIsSlowAndPausesDoNotPump() {
    var gain = AutomaticGain()
    var before: Float = 0
    for frame in 0..<2_000 {
      var samples = Signals.noise(count: 160, amplitude: 600, seed: UInt64(frame))
      var span = samples.mutableSpan
      gain.process(&span, level: -35, isTalking: frame < 1_000)
      #expect(abs(gain.gain - before) <= 0.0401)
      if frame >= 1_000 { #expect(gain.gain == before) }
      before = gain.gain
    }
    #expect(gain.gain > 11)
  }

  @Test(arguments: [-30.0, -45, -60])
  func comfortNoiseHasItsLevelAndNoSteps(level: Double) {
    var noise = ComfortNoise(seed: 9)
    var samples = Array(repeating: Int16(0), count: 16_000)
    for start in stride(from: 0, to: 16_000, by: 160) {
      var span = samples.mutableSpan
      var part = span._mutatingExtracting(start..<start + 160)
      noise.generate(level: Float(level), into: &part)
    }
    var meter = LevelMeter()
    let settled = Array(samples[1_600...])
    #expect(abs(Double(meter.measure(settled.span)) - level) < 1)
    var span = samples.mutableSpan
    noise.generate(level: -127, into: &span)
    noise.generate(level: .nan, into: &span)
    #expect(samples.allSatisfy { $0 == 0 })
  }
}
