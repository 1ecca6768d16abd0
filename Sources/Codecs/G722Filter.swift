/// The quadrature mirror filters of G.722 that split 16 kHz into two bands of 8 kHz and join them again
/// (ITU-T G.722, sections 3.1 and 4.4; coefficients of table 11).
///
/// They see a signal as two: its samples at even and at odd places, of each the 12 latest.
enum G722Filter {
  /// Of the past, what each of the two signals must keep.
  static let memory = 11
  /// Pairs of samples that a window takes at once.
  static let room = 160
  /// A window: memory, room, and what vectors of eight read beyond.
  typealias Window = InlineArray<176, Int16>

  /// In order, for the even places; in reverse order for the odd ones. Zeros fill the last vector.
  @inline(__always)
  private static var taps: InlineArray<16, Int16> {
    [3, -11, 12, 32, -210, 951, 3_876, -805, 362, -156, 53, -11, 0, 0, 0, 0]
  }
  @inline(__always)
  private static var reversed: InlineArray<16, Int16> {
    [-11, 53, -156, 362, -805, 3_876, 951, -210, 32, 12, -11, 3, 0, 0, 0, 0]
  }

  /// Lower and upper band of the samples from `place`.
  @inline(__always)
  static func split(_ even: Span<Int16>, _ odd: Span<Int16>, at place: Int) -> (Int32, Int32) {
    let (first, second) = (sum(even, taps, at: place), sum(odd, reversed, at: place))
    return (limit((second &+ first) &>> 14), limit((second &- first) &>> 14))
  }

  /// Two samples from the sums and differences of the bands from `place`.
  @inline(__always)
  static func join(_ sums: Span<Int16>, _ differences: Span<Int16>, at place: Int) -> (Int16, Int16) {
    let (first, second) = (sum(sums, taps, at: place), sum(differences, reversed, at: place))
    return (Int16(clamping: second &>> 11), Int16(clamping: first &>> 11))
  }

  /// XL and XH have 15 bits.
  @inline(__always)
  private static func limit(_ value: Int32) -> Int32 { min(max(value, -16_384), 16_383) }

  @inline(__always)
  private static func sum(_ window: Span<Int16>, _ taps: InlineArray<16, Int16>, at place: Int) -> Int32 {
    let part = window.extracting(place..<place &+ 16)
    let taps = taps.span
    var sum: Int32 = 0
    for index in 0..<16 { sum = sum &+ Int32(part[index]) &* Int32(taps[index]) }
    return sum
  }
}
