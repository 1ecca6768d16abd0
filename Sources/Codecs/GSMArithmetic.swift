/// Fractions of 16 bits, -1 to 1, as GSM 06.10 reckons with them (section 5.1): rounded, and saturated where they are too large.
///
/// They are kept in 32 bits. No product of -1 by -1 comes up here, which alone would not fit.
enum GSMArithmetic {
  /// `mult_r`
  @inline(__always)
  static func product(_ left: Int32, _ right: Int32) -> Int32 { (left &* right &+ 16_384) &>> 15 }

  @inline(__always)
  static func saturate(_ value: Int32) -> Int32 { min(max(value, -32_768), 32_767) }

  /// `div`: 15 bits of the quotient of what is not negative; just below 1 if it is no less than that.
  @inline(__always)
  static func quotient(_ left: Int32, _ right: Int32) -> Int32 {
    guard left < right else { return 32_767 }
    return (left &<< 15) / max(right, 1)
  }

  /// `norm`: by how many bits a number above 0 may be shifted to the left and stay positive.
  @inline(__always)
  static func headroom(_ value: Int32) -> Int32 { Int32(truncatingIfNeeded: value.leadingZeroBitCount) &- 1 }
}
