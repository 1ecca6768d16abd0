import Foundation

/// Logarithms of the C library.
enum Logarithm {
  static func natural(_ value: Double) -> Double { Foundation.log(value) }
  static func decimal(_ value: Double) -> Double { Foundation.log10(value) }
}
