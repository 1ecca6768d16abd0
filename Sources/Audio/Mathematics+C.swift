import Glibc

/// The few functions of the C library's mathematics that audio needs; nothing here touches memory.
enum Mathematics {
  static func sine(_ radians: Double) -> Double { sin(radians) }
  static func cosine(_ radians: Double) -> Double { cos(radians) }
  static func arcTangent(_ y: Double, _ x: Double) -> Double { atan2(y, x) }
  static func exponential(_ x: Double) -> Double { exp(x) }
  /// The factor of a gain in decibels of amplitude.
  static func amplitude(decibels: Double) -> Double { pow(10, decibels / 20) }
  /// A ratio of powers in decibels; −infinity for 0.
  static func decibels(power: Double) -> Double { 10 * log10(power) }
}
