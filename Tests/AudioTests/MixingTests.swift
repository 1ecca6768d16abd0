import Testing
import TestSupport

@testable import Audio

@Suite struct MixingTests {
  @Test func whatIsSubtractedIsExactlyWhatWasAdded() {
    let first = Signals.noise(count: 960, amplitude: 32_000, seed: 1) + [.min, .max]
    let second = Signals.noise(count: 962, amplitude: 32_000, seed: 2)
    for gain: Float in [0, 0.01, 0.5, 1, 2.7, 15, 100, .infinity, .nan, -1] {
      var sums = Array(repeating: Int32(0), count: 962)
      var span = sums.mutableSpan
      Mixing.add(first.span, gain: gain, into: &span)
      Mixing.add(second.span, into: &span)
      Mixing.subtract(first.span, gain: gain, into: &span)
      #expect(sums == second.map(Int32.init))
    }
  }

  @Test func aTalkerHearsTheOthersOnly() {
    let voices = (1...4).map { Signals.noise(count: 320, amplitude: 20_000, seed: $0) }
    var sums = Array(repeating: Int32(0), count: 320)
    var span = sums.mutableSpan
    for voice in voices { Mixing.add(voice.span, into: &span) }
    var output = Array(repeating: Int32(0), count: 320)
    var target = output.mutableSpan
    let own = voices[2]
    Mixing.difference(sums.span, minus: own.span, into: &target)
    let expected = (0..<320).map { Int32(voices[0][$0]) + Int32(voices[1][$0]) + Int32(voices[3][$0]) }
    #expect(output == expected)
  }

  @Test func spansOfDifferentLengthsDoNotTrap() {
    var sums = Array(repeating: Int32(7), count: 10)
    var span = sums.mutableSpan
    let long = Array(repeating: Int16(1), count: 50)
    let none: [Int16] = []
    Mixing.add(long.span, into: &span)
    Mixing.add(none.span, into: &span)
    Mixing.add(long.span.extracting(first: 3), gain: 2, into: &span)
    #expect(sums == [10, 10, 10, 8, 8, 8, 8, 8, 8, 8])
    #expect(Mixing.peak([Int32.min, 5].span) == .max)
  }

  static func limit(_ sums: [Int32], _ limiter: inout SoftLimiter) -> [Int16] {
    var output = Array(repeating: Int16(0), count: sums.count)
    var span = output.mutableSpan
    limiter.process(sums.span, into: &span)
    return output
  }

  @Test func aQuietMixPassesUnchanged() {
    var limiter = SoftLimiter()
    let quiet = Signals.noise(count: 960, amplitude: 24_000, seed: 4)
    #expect(Self.limit(quiet.map(Int32.init), &limiter) == quiet)
    #expect(limiter.currentGain == 1)
  }

  @Test(arguments: [1, 2, 4, 8, 60])
  func aLoudMixNeitherWrapsNorClipsHard(talkers: Int32) {
    var limiter = SoftLimiter()
    let tone = Signals.sine(300, amplitude: 32_000, rate: 48_000, count: 48_000)
    var output: [Int16] = []
    for start in stride(from: 0, to: tone.count, by: 960) {
      output += Self.limit(tone[start..<start + 960].map { Int32($0) * talkers }, &limiter)
    }
    // Signs agree: nothing wrapped. No plateau: nothing was clipped.
    #expect(zip(output, tone).allSatisfy { abs(Int($1)) < 3_000 || ($0 > 0) == ($1 > 0) })
    let settled = output[9_600...]
    var longest = 0
    var run = 0
    for (now, before) in zip(settled.dropFirst(), settled) {
      run = now == before && abs(Int(now)) > 20_000 ? run + 1 : 0
      longest = max(longest, run)
    }
    #expect(longest < 8, "\(longest) equal samples in a row")
    let fit = Signals.fit(Array(settled), frequency: 300, rate: 48_000)
    #expect(fit.amplitude > 24_000)
    #expect(Signals.decibels(fit.residual / fit.amplitude) < -25)
  }

  @Test func theLimiterComesBackToUnity() {
    var limiter = SoftLimiter()
    _ = Self.limit(Array(repeating: 100_000, count: 960), &limiter)
    #expect(limiter.currentGain < 0.3)
    for _ in 0..<200 { _ = Self.limit(Array(repeating: 1_000, count: 960), &limiter) }
    #expect(limiter.currentGain == 1)
    _ = Self.limit([], &limiter)
    _ = Self.limit([.min, .max], &limiter)
  }

  @Test func aGainRampHasNoStep() {
    let tone = Signals.sine(200, amplitude: 16_000, rate: 16_000, count: 1_600)
    var ramp = GainRamp()
    var output: [Int16] = []
    for start in stride(from: 0, to: 1_600, by: 320) {
      if start == 320 { ramp.target = 0.1 }
      if start == 960 { ramp.target = 1 }
      var frame = Array(tone[start..<start + 320])
      var span = frame.mutableSpan
      ramp.apply(to: &span)
      output += frame
    }
    #expect(Signals.largestStep(output) <= Signals.largestStep(tone) + 60)
    #expect(Array(output[0..<320]) == Array(tone[0..<320]))
    #expect(abs(Int(output[700]) - Int(tone[700]) / 10) <= 1)
    #expect(Array(output[1_280...]) == Array(tone[1_280...]))
  }

  @Test func aCrossFadeGoesFromOneToTheOther() {
    let old = Array(repeating: Int16(10_000), count: 480)
    let new = Array(repeating: Int16(-10_000), count: 480)
    var output = Array(repeating: Int16(0), count: 480)
    var span = output.mutableSpan
    CrossFade.blend(from: old.span, to: new.span, into: &span)
    #expect(output[0] > 9_990 && output[479] < -9_990)
    #expect(Signals.largestStep(output) < 70)
    var faded = old
    var fading = faded.mutableSpan
    CrossFade.fadeOut(&fading)
    #expect(faded[479] < 10 && faded[0] > 9_990)
  }
}
