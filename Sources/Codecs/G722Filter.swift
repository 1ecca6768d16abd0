/// The quadrature mirror filters of G.722 that split 16 kHz into two bands of 8 kHz and join them again
/// (ITU-T G.722, sections 3.1 and 4.4; coefficients of table 11).
enum G722Filter {
  /// Even places: the coefficients in order; odd places: in reverse order.
  @inline(__always)
  private static var taps: InlineArray<24, Int16> {
    [
      3, -11, -11, 53, 12, -156, 32, 362, -210, -805, 951, 3_876,
      3_876, 951, -805, -210, 362, 32, -156, 12, 53, -11, -11, 3,
    ]
  }

  /// Lower and upper band at the 24 samples from `place`.
  @inline(__always)
  static func split(_ window: Span<Int16>, at place: Int) -> (Int32, Int32) {
    let (even, odd) = sums(window, at: place)
    return (limit((odd &+ even) &>> 14), limit((odd &- even) &>> 14))
  }

  /// Two samples from the 12 last sums and differences of the bands from `place`.
  @inline(__always)
  static func join(_ window: Span<Int16>, at place: Int) -> (Int16, Int16) {
    let (even, odd) = sums(window, at: place)
    return (Int16(clamping: odd &>> 11), Int16(clamping: even &>> 11))
  }

  /// XL and XH have 15 bits.
  @inline(__always)
  private static func limit(_ value: Int32) -> Int32 { min(max(value, -16_384), 16_383) }

  @inline(__always)
  private static func sums(_ window: Span<Int16>, at place: Int) -> (Int32, Int32) {
    let part = window.extracting(place..<place &+ 24)
    let taps = Self.taps
    var even: Int32 = 0
    var odd: Int32 = 0
    for index in 0..<12 {
      even = even &+ Int32(part[2 &* index]) &* Int32(taps[2 &* index])
      odd = odd &+ Int32(part[2 &* index &+ 1]) &* Int32(taps[2 &* index &+ 1])
    }
    return (even, odd)
  }
}
