/// Adaptive differential PCM of one band of G.722 with its backward-adapted predictor (ITU-T G.722, sections 3 and 6.2).
///
/// The names of the blocks (QUANTL, LOGSCL, UPPOL2 …) are the recommendation's.
struct G722Band: Sendable {
  /// Logarithmic (NBL, NBH) and linear scale factor (DETL, DETH).
  private var logScale: Int32 = 0
  private var scale: Int32
  /// Prediction (SL, SH) and its part from the zeros (SZL, SZH).
  private var prediction: Int32 = 0
  private var zeroPart: Int32 = 0
  /// Twice the last two reconstructed signals, saturated.
  private var reconstructed: (Int32, Int32) = (0, 0)
  /// Signs of the last two partially reconstructed signals: 0 or -1.
  private var partSigns: (Int32, Int32) = (0, 0)
  /// Poles' coefficients.
  private var a: (Int32, Int32) = (0, 0)
  /// Coefficients of the six zeros, and two that count for nothing: eight numbers are one vector.
  private var b = InlineArray<8, Int16>(repeating: 0)
  /// Twice the last six quantised differences, saturated, latest first, and two that stay 0.
  private var differences = InlineArray<8, Int16>(repeating: 0)

  init(scale: Int32) { self.scale = scale }

  /// Returns the six bits of a lower-band sample.
  @inline(__always)
  mutating func encodeLow(_ sample: Int32) -> Int32 {
    let difference = Self.saturate(sample &- prediction)
    let magnitude = difference >= 0 ? difference : ~difference
    // QUANTL: the decision levels rise, so how many lie at or below the magnitude is the interval.
    let levels = G722Tables.decisions
    var interval = 0
    for step in 1..<4 { interval = interval &+ (magnitude >= (levels[8 &* step &- 1] &* scale) &>> 12 ? 8 : 0) }
    let first = interval
    for step in 0..<7 { interval = interval &+ (magnitude >= (levels[first &+ step] &* scale) &>> 12 ? 1 : 0) }
    interval = min(interval, 29)
    let code = difference < 0 ? G722Tables.negativeCodes[interval] : G722Tables.positiveCodes[interval]
    adaptLow(code &>> 2)
    return code
  }

  /// Returns the sample of six bits of the lower band.
  @inline(__always)
  mutating func decodeLow(_ code: Int32) -> Int32 {
    let value = (scale &* G722Tables.low6[Int(code)]) &>> 15
    let sample = min(max(prediction &+ value, -16_384), 16_383)
    adaptLow(code &>> 2)
    return sample
  }

  /// Returns the two bits of an upper-band sample.
  @inline(__always)
  mutating func encodeHigh(_ sample: Int32) -> Int32 {
    let difference = Self.saturate(sample &- prediction)
    let magnitude = difference >= 0 ? difference : ~difference
    let outer = magnitude >= (564 &* scale) &>> 12
    let code: Int32 = difference < 0 ? (outer ? 0 : 1) : (outer ? 2 : 3)
    adaptHigh(code)
    return code
  }

  /// Returns the sample of two bits of the upper band.
  @inline(__always)
  mutating func decodeHigh(_ code: Int32) -> Int32 {
    let value = (scale &* G722Tables.high2[Int(code)]) &>> 15
    let sample = min(max(prediction &+ value, -16_384), 16_383)
    adaptHigh(code)
    return sample
  }

  /// From the four bits of the lower band that always arrive.
  @inline(__always)
  private mutating func adaptLow(_ code: Int32) {
    let difference = (scale &* G722Tables.low4[Int(code)]) &>> 15
    let next = (logScale &* 127) &>> 7 &+ G722Tables.lowSteps[Int(code)]
    logScale = min(max(next, 0), 18_432)
    scale = Self.linear(logScale, 8)
    predict(difference)
  }

  @inline(__always)
  private mutating func adaptHigh(_ code: Int32) {
    let difference = (scale &* G722Tables.high2[Int(code)]) &>> 15
    let next = (logScale &* 127) &>> 7 &+ G722Tables.highSteps[Int(code)]
    logScale = min(max(next, 0), 22_528)
    scale = Self.linear(logScale, 10)
    predict(difference)
  }

  /// SCALEL, SCALEH
  @inline(__always)
  private static func linear(_ logScale: Int32, _ full: Int32) -> Int32 {
    let value = G722Tables.inverseLog[Int((logScale &>> 6) & 31)]
    let shift = full &- logScale &>> 11
    return (shift < 0 ? value &<< (0 &- shift) : value &>> shift) &<< 2
  }

  /// Block 4: adapts poles and zeros to the quantised difference and predicts the next sample.
  @inline(__always)
  private mutating func predict(_ difference: Int32) {
    // RECONS, PARREC
    let signal = Self.saturate(prediction &+ difference)
    let sign = Self.saturate(zeroPart &+ difference) &>> 31
    // UPPOL2
    let turned = Self.saturate(a.0 &<< 2)
    let pull = sign == partSigns.0 ? min(0 &- turned, 32_767) : turned
    let second = (sign == partSigns.1 ? 128 : -128) &+ pull &>> 7 &+ (a.1 &* 32_512) &>> 15
    a.1 = min(max(second, -12_288), 12_288)
    // UPPOL1
    let first = Self.saturate((sign == partSigns.0 ? 192 : -192) &+ (a.0 &* 32_640) &>> 15)
    let limit = Self.saturate(15_360 &- a.1)
    a.0 = min(max(first, 0 &- limit), limit)
    partSigns = (sign, partSigns.0)
    // UPZERO, DELAYA, FILTEZ
    let newSign = difference &>> 31
    let step: Int32 = difference == 0 ? 0 : 128
    let latest = Int16(truncatingIfNeeded: Self.saturate(difference &+ difference))
    let old = differences
    let new: InlineArray<8, Int16> = [latest, old[0], old[1], old[2], old[3], old[4], 0, 0]
    differences = new
    var zeros: Int32 = 0
    do {
      let (old, new) = (old.span, new.span)
      var b = b.mutableSpan
      for index in 0..<8 {
        let flip = Int32(old[index]) &>> 31 ^ newSign
        let coefficient = Self.saturate((step ^ flip) &- flip &+ (Int32(b[index]) &* 32_640) &>> 15)
        b[index] = Int16(truncatingIfNeeded: coefficient)
        zeros = zeros &+ (coefficient &* Int32(new[index])) &>> 15
      }
    }
    zeroPart = Self.saturate(zeros)
    // FILTEP, PREDIC
    reconstructed = (Self.saturate(signal &+ signal), reconstructed.0)
    let poles = Self.saturate((a.0 &* reconstructed.0) &>> 15 &+ (a.1 &* reconstructed.1) &>> 15)
    prediction = Self.saturate(poles &+ zeroPart)
  }

  @inline(__always)
  private static func saturate(_ value: Int32) -> Int32 { min(max(value, -32_768), 32_767) }
}
