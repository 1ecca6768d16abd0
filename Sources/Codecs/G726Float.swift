/// The floating-point format of the predictor of G.726, and its multiplication (ITU-T G.726, section 4.2.6: FLOATA,
/// FLOATB, FMULT): a sign, an exponent, and 6 places of the magnitude, of which the first is always set.
///
/// Held as an IEEE number of so few places, with which processors reckon four at a time, and always exactly. As the
/// mantissa of zero is that of one (0.100000), zero is ±0.5 here.
struct G726Float: Sendable {
  private var value: Float

  /// Zero.
  @inline(__always)
  init() { value = 0.5 }

  /// - Parameters:
  ///   - magnitude: 15 bits.
  ///   - sign: 0 or -1.
  @inline(__always)
  init(magnitude: Int32, sign: Int32) {
    let float = max(Float(magnitude), 0.5)
    value = Float(bitPattern: float.bitPattern & 0x7FFC_0000 | UInt32(bitPattern: sign) & 0x8000_0000)
  }

  /// 0 or -1.
  @inline(__always)
  var sign: Int32 { Int32(bitPattern: value.bitPattern) &>> 31 }

  /// The magnitude, and the power of two that is no greater.
  @inline(__always)
  private var magnitude: Float { Float(bitPattern: value.bitPattern & 0x7FFF_FFFF) }
  @inline(__always)
  private var power: Float { Float(bitPattern: value.bitPattern & 0x7F80_0000) }

  /// FMULT: the product with a predictor coefficient (Q14, 16 bits).
  @inline(__always)
  func times(_ coefficient: Int32) -> Int32 {
    let part = coefficient &>> 2
    let partSign = part &>> 31
    let factor = G726Float(magnitude: ((part ^ partSign) &- partSign) & 8_191, sign: 0)
    // The mantissas' product has 1,024 to 3,969 units; 48 are added, and 16 are the least that stays. Nothing below 1 does.
    let full = factor.power * power * 0x1p-9
    let base = max(full, 256)
    let sum = factor.value * magnitude * 0x1p-11 + full * (48 / 4_096) + base
    let kept = Float(bitPattern: sum.bitPattern & 0xFFFF_8000) - base
    // Added to this, a whole number stands in the lowest bits.
    let whole = Int32(bitPattern: (kept + 0x1p23).bitPattern) & 32_767
    let sign = sign ^ partSign
    return (whole ^ sign) &- sign
  }
}
