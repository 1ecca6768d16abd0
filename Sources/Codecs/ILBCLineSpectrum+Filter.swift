// From the filter to its line spectral frequencies and back. They are the zeros of the polynomials
// P(z) = A(z) + z⁻¹¹·A(1/z) and Q(z) = A(z) − z⁻¹¹·A(1/z) on the unit circle, in turn (RFC 3951, section 3.2.3).

extension ILBCLineSpectrum {
  /// The frequencies of a filter: a walk from 0 to 4 kHz looks for changes of sign, in finer and finer steps.
  init(of filter: ILBCFilter) {
    self.init()
    let (sums, differences) = Self.polynomials(of: filter)
    let steps: InlineArray<4, Float> = [0.00635, 0.003175, 0.0015875, 0.00079375]
    /// In turns per sample.
    var place: Float = 0
    var coarse: Float = 0
    var last = InlineArray<2, Float>(repeating: Self.far)
    for index in 0..<10 {
      let side = index & 1
      var level = 0
      while true {
        let value = Self.value(of: side == 0 ? sums : differences, at: place)
        guard value * last[side] <= 0 || place >= 0.5 else {
          last[side] = value
          place += steps[level]
          continue
        }
        if level == 0 { coarse = place }
        if level == 3 {
          frequencies[index] = value.magnitude >= last[side].magnitude ? place - steps[3] : place
          last[side] = last[side] >= 0 ? -Self.far : Self.far
          place = coarse
          break
        }
        level &+= 1
        place -= steps[level]
      }
    }
    for index in 0..<10 { frequencies[index] *= Self.turn }
  }

  private static var far: Float { 1.0e37 }
  private static var turn: Float { 6.283185307 }

  /// P and Q without their zeros at 4 kHz and at 0, as coefficients of cosines.
  private static func polynomials(of filter: ILBCFilter) -> (InlineArray<5, Float>, InlineArray<5, Float>) {
    var sums = InlineArray<5, Float>(repeating: 0)
    var differences = InlineArray<5, Float>(repeating: 0)
    var (sum, difference): (Float, Float) = (1, 1)
    for index in 0..<5 {
      let (early, late) = (filter.taps[index &+ 1], filter.taps[10 &- index])
      sum = -sum + (early + late)
      difference = difference - (late - early)
      sums[index] = sum
      differences[index] = difference
    }
    sums[4] /= 2
    differences[4] /= 2
    return (sums, differences)
  }

  /// cos 5ω + c(0)·cos 4ω + … + c(4), by Clenshaw's recursion.
  private static func value(of polynomial: InlineArray<5, Float>, at place: Float) -> Float {
    let cosine = ILBCMathematics.cosine(place * turn)
    let first = 2 * cosine + polynomial[0]
    let second = 2 * cosine * first - 1 + polynomial[1]
    let third = 2 * cosine * second - first + polynomial[2]
    let fourth = 2 * cosine * third - second + polynomial[3]
    return cosine * fourth - third + polynomial[4]
  }

  /// The filter with these frequencies: A(z) is the mean of P(z) and Q(z), whose impulse responses come from five
  /// sections of second order each.
  var filter: ILBCFilter {
    let places = turns
    var cosines = InlineArray<10, Float>(repeating: 0)
    for index in 0..<10 { cosines[index] = 2 * ILBCMathematics.cosine(Self.turn * places[index]) }
    var (even, odd) = (Cascade(), Cascade())
    _ = even.next(0.25, cosines, 0)
    _ = odd.next(0.25, cosines, 1)
    var result = ILBCFilter()
    for index in 0..<10 {
      let p = even.next(index == 0 ? 0.25 : 0, cosines, 0)
      let q = odd.next(index == 0 ? -0.25 : 0, cosines, 1)
      result.taps[index &+ 1] = 2 * (p + q)
    }
    return result
  }

  /// In turns per sample; evenly spaced if they reach 0 or 4 kHz.
  private var turns: InlineArray<10, Float> {
    var places = frequencies
    for index in 0..<10 { places[index] *= 0.159154943 }
    guard places[0] <= 0 || places[9] >= 0.5 else { return places }
    if places[0] <= 0 { places[0] = 0.022 }
    if places[9] >= 0.5 { places[9] = 0.499 }
    let step = (places[9] - places[0]) / 9
    for index in 1..<10 { places[index] = places[index &- 1] + step }
    return places
  }

  /// Five sections 1 − 2·cos(ω)·z⁻¹ + z⁻² in a row.
  private struct Cascade {
    private var latest = InlineArray<5, Float>(repeating: 0)
    private var former = InlineArray<5, Float>(repeating: 0)

    /// - Parameter first: which of the doubled cosines are this cascade's, the even or the odd ones.
    mutating func next(_ input: Float, _ cosines: InlineArray<10, Float>, _ first: Int) -> Float {
      var value = input
      for index in 0..<5 {
        let output = value - cosines[2 &* index &+ first] * latest[index] + former[index]
        former[index] = latest[index]
        latest[index] = value
        value = output
      }
      return value
    }
  }
}
