import Foundation

/// Numbers for tables, with a point whatever the language.
enum Decimals {
  static func text(_ value: Double, _ digits: Int) -> String {
    value.isFinite
      ? value.formatted(
        .number.precision(.fractionLength(digits)).grouping(.never).locale(Locale(identifier: "en_US_POSIX")))
      : "-"
  }
}
