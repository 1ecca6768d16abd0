/// Conversions of numbers that a peer's bits have made: they never trap.
enum ILBCConversion {
  /// Rounds towards zero, as the RFC's program does; clips what is too loud, and what is no number is silence.
  static func sample(_ value: Float) -> Int16 {
    if value >= 32_767 { return .max }
    if value <= -32_768 { return .min }
    return value.isNaN ? 0 : Int16(value)
  }

  /// A place in a buffer; places are far below a million.
  static func place(_ value: Float) -> Int {
    guard value.magnitude < 1_000_000 else { return 0 }
    return Int(value)
  }
}
