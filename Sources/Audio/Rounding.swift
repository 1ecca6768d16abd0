/// From floating point to 16 bits without a branch, so that loops over it become vector instructions.
enum Rounding {
  /// 1.5 · 2²³: added to a smaller number it leaves the nearest integer in the low mantissa bits.
  @inline(__always) static func integer(_ value: Float) -> Int32 {
    Int32(bitPattern: (value + 12_582_912).bitPattern) &- 0x4B40_0000
  }

  /// The nearest sample, limited to 16 bits. Exact for |value| < 2²², which 64 talkers at full scale do not exceed.
  @inline(__always) static func sample(_ value: Float) -> Int16 {
    let whole = integer(value)
    return Int16(truncatingIfNeeded: min(max(whole, -32_768), 32_767))
  }
}
