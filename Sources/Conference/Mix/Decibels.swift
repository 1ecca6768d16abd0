/// Levels and gains in decibels, as factors.
///
/// Arithmetic by a short table and a series, because floor 2 knows no C library.
enum Decibels {
  /// The factor of a gain, limited to -100 … +40 dB.
  static func factor(_ decibels: Double) -> Float {
    let limited = min(max(decibels.isNaN ? 0 : decibels, -100), 40)
    // 10^(x/20) = 2^k · e^f with |f| ≤ ln 2 / 2, where the series converges quickly.
    let natural = limited * 0.115_129_254_649_702_28
    let power = (natural / 0.693_147_180_559_945_3).rounded()
    let rest = natural - power * 0.693_147_180_559_945_3
    var term = 1.0
    var sum = 1.0
    for index in 1...8 {
      term *= rest / Double(index)
      sum += term
    }
    return Float(sum * Double(sign: .plus, exponent: Int(power), significand: 1))
  }

  /// Decibels of a power, exact to a tenth.
  static func ofPower(_ power: Float) -> Float {
    guard power > 0, power.isFinite else { return AudibilityGate.silence }
    // log2(m) for 1 ≤ m < 2 by a polynomial.
    let m = power.significand
    let fraction = (-0.335_828_78 * m + 2) * m - 1.658_71
    return max((Float(power.exponent) + fraction) * 3.010_3, AudibilityGate.silence)
  }
}
