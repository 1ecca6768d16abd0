/// Ten line spectral frequencies, in radians per sample: the linear prediction filter in the form in which it is sent
/// (RFC 3951, sections 3.2.3 to 3.2.6).
struct ILBCLineSpectrum: Sendable {
  var frequencies = InlineArray<10, Float>(repeating: 0)

  init() {}

  /// Where both directions start.
  static var mean: ILBCLineSpectrum {
    var result = ILBCLineSpectrum()
    result.frequencies = [
      0.281738, 0.445801, 0.663330, 0.962524, 1.251831, 1.533081, 1.850586, 2.137817, 2.481445, 2.777344,
    ]
    return result
  }

  /// Moves frequencies apart that are less than 50 Hz from each other, and all into 0 to 4 kHz; else the filter rings.
  mutating func stabilise() {
    let distance: Float = 0.039
    let half: Float = 0.0195
    for _ in 0..<2 {
      for index in 0..<9 {
        let (lower, upper) = (frequencies[index], frequencies[index &+ 1])
        if upper - lower < distance {
          if upper < lower {
            frequencies[index &+ 1] = lower + half
            frequencies[index] = frequencies[index &+ 1] - half
          } else {
            frequencies[index] = lower - half
            frequencies[index &+ 1] = upper + half
          }
        }
        if frequencies[index] < 0.01 { frequencies[index] = 0.01 }
        if frequencies[index] > 3.14 { frequencies[index] = 3.14 }
      }
    }
  }

  /// A point on the way from `next` (weight 0) to this spectrum (weight 1).
  func mixed(_ weight: Float, with next: ILBCLineSpectrum) -> ILBCLineSpectrum {
    var result = self
    let rest = 1 - weight
    for index in 0..<10 { result.frequencies[index] = weight * frequencies[index] + rest * next.frequencies[index] }
    return result
  }

  /// A filter for each sub-block, between the last spectrum of the frame before and those of this one.
  static func filters(
    from old: ILBCLineSpectrum, _ spectra: InlineArray<2, ILBCLineSpectrum>, frame: ILBCFrame
  ) -> InlineArray<6, ILBCFilter> {
    var filters = InlineArray<6, ILBCFilter>(repeating: ILBCFilter())
    switch frame {
    case .twentyMilliseconds:
      let weights: InlineArray<4, Float> = [0.75, 0.5, 0.25, 0]
      for index in 0..<4 { filters[index] = old.mixed(weights[index], with: spectra[0]).filter }
    case .thirtyMilliseconds:
      let weights: InlineArray<6, Float> = [0.5, 1, 2.0 / 3.0, 1.0 / 3.0, 0, 0]
      filters[0] = old.mixed(weights[0], with: spectra[0]).filter
      for index in 1..<6 { filters[index] = spectra[0].mixed(weights[index], with: spectra[1]).filter }
    }
    return filters
  }
}
