import Foundation

/// Decibels and factors.
enum Decibels {
  /// What stands for silence, whose logarithm is no number.
  static let silence = -127.0

  /// The factor of a gain.
  static func amplitude(_ decibels: Double) -> Float { Float(Foundation.pow(10, decibels / 20)) }

  /// Of a magnitude relative to full scale, 1.
  static func level(amplitude: Double) -> Double {
    amplitude > 0 ? max(20 * Foundation.log10(amplitude), silence) : silence
  }
}
