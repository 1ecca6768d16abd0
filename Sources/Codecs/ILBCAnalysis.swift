/// Linear prediction analysis of the signal, one or two times a frame (RFC 3951, section 3.2).
struct ILBCAnalysis: Sendable {
  /// 60 samples before the latest 240.
  private var signal = InlineArray<300, Float>(repeating: 0)
  /// The last spectrum of the frame before, as analysed and as sent.
  private var former = ILBCLineSpectrum.mean
  private var formerSent = ILBCLineSpectrum.mean

  /// Takes a frame's samples, of which `signal` has ten of the past first.
  mutating func analyse(_ latest: Span<Float>, into parameters: inout ILBCParameters) -> ILBCPrediction {
    let frame = parameters.frame
    let rest = 300 &- frame.samples
    do {
      var span = signal.mutableSpan
      for index in 0..<rest { span[index] = span[index &+ frame.samples] }
      for index in 0..<frame.samples { span[rest &+ index] = latest[index &+ 10] }
    }

    var spectra = InlineArray<2, ILBCLineSpectrum>(repeating: ILBCLineSpectrum())
    var sent = spectra
    for index in 0..<frame.spectra {
      let isLast = index == frame.spectra &- 1
      let window = isLast ? ILBCWindowTable.asymmetric : ILBCWindowTable.symmetric
      spectra[index] = Self.spectrum(of: signal.span, from: isLast ? 60 : 0, window: window.span)
      let (quantised, codes) = spectra[index].quantised
      parameters[spectrum: index] = codes
      sent[index] = quantised
      sent[index].stabilise()
    }

    let synthesis = ILBCLineSpectrum.filters(from: formerSent, sent, frame: frame)
    var weighting = ILBCLineSpectrum.filters(from: former, spectra, frame: frame)
    for index in 0..<frame.subblocks { weighting[index] = weighting[index].expanded(by: 0.4222) }
    former = spectra[frame.spectra &- 1]
    formerSent = sent[frame.spectra &- 1]
    return ILBCPrediction(synthesis: synthesis, weighting: weighting)
  }

  private static func spectrum(
    of signal: Span<Float>, from place: Int, window: Span<Float>
  ) -> ILBCLineSpectrum {
    // Behind the end are zeros, so that all lags can be summed side by side.
    var product = InlineArray<250, Float>(repeating: 0)
    var windowed = product.mutableSpan
    for index in 0..<240 { windowed[index] = signal[place &+ index] * window[index] }
    var correlation = InlineArray<11, Float>(repeating: 0)
    for index in 0..<240 {
      for lag in 0...10 { correlation[lag] += windowed[index] * windowed[index &+ lag] }
    }
    let table = ILBCWindowTable.lags
    let lags = table.span
    for lag in 0...10 { correlation[lag] *= lags[lag] }
    return ILBCLineSpectrum(of: Self.filter(for: correlation).expanded(by: 0.9025))
  }

  /// Levinson and Durbin's recursion (section 3.2.2).
  private static func filter(for correlation: InlineArray<11, Float>) -> ILBCFilter {
    var filter = ILBCFilter()
    guard correlation[0] >= 2.220446049250313e-16 else { return filter }
    var reflection = -correlation[1] / correlation[0]
    var error = correlation[0] + correlation[1] * reflection
    filter.taps[1] = reflection
    for order in 1..<10 {
      var sum = correlation[order &+ 1]
      for index in 0..<order { sum += filter.taps[index &+ 1] * correlation[order &- index] }
      reflection = -sum / error
      error += reflection * sum
      for index in 0..<(order &+ 1) / 2 {
        let (early, late) = (filter.taps[index &+ 1], filter.taps[order &- index])
        filter.taps[order &- index] = late + reflection * early
        filter.taps[index &+ 1] = early + reflection * late
      }
      filter.taps[order &+ 1] = reflection
    }
    return filter
  }
}
