/// The receiving side of iLBC at 8 kHz with its enhancer and its concealment (RFC 3951; RFC 3952). A value: a copy is a
/// fork. Output comes 5 ms late in 20 ms mode, 10 ms in 30 ms mode.
package struct ILBCDecoder: Sendable {
  package let frame: ILBCFrame
  private var spectrum = ILBCLineSpectrum.mean
  /// The filters of the frame before: the enhancer's delay needs its last ones.
  private var filters = InlineArray<6, ILBCFilter>(repeating: ILBCFilter())
  private var concealment = ILBCConcealment()
  private var enhancer = ILBCEnhancer()
  private var wasLost = false
  /// The last ten samples out of the synthesis filter.
  private var past = InlineArray<10, Float>(repeating: 0)
  private var highPass = ILBCHighPass.output
  /// What a concealed frame had more than was asked for, at its end.
  private var rest = InlineArray<240, Int16>(repeating: 0)
  private var restCount = 0

  package init(frame: ILBCFrame) { self.frame = frame }

  /// How many samples a payload lasts; nil if it is no whole number of frames.
  package static func duration(payloadOctets count: Int, frame: ILBCFrame) -> Int? {
    guard count > 0, count % frame.octets == 0 else { return nil }
    return count / frame.octets &* frame.samples
  }

  /// Decodes all frames of a payload; returns samples, 0 if its length is wrong. Frames that do not fit are left out.
  package mutating func decode(_ payload: Span<UInt8>, into samples: inout MutableSpan<Int16>) -> Int {
    guard Self.duration(payloadOctets: payload.count, frame: frame) != nil else { return 0 }
    restCount = 0
    let frames = min(payload.count / frame.octets, samples.count / frame.samples)
    for index in 0..<frames {
      let first = index &* frame.octets
      let output: InlineArray<240, Int16>
      if let parameters = ILBCParameters(payload.extracting(first..<first &+ frame.octets), frame: frame) {
        output = decode(parameters)
      } else {
        output = conceal()
      }
      for place in 0..<frame.samples { samples[index &* frame.samples &+ place] = output[place] }
    }
    return frames &* frame.samples
  }

  /// Makes up for `count` lost samples, at most what the span holds; returns samples. What the last frame has more
  /// comes with the next call.
  package mutating func conceal(samples count: Int, into samples: inout MutableSpan<Int16>) -> Int {
    let total = max(min(count, samples.count), 0)
    for index in 0..<total {
      if restCount == 0 {
        rest = conceal()
        restCount = frame.samples
      }
      samples[index] = rest[frame.samples &- restCount]
      restCount = restCount &- 1
    }
    return total
  }

  private mutating func decode(_ parameters: ILBCParameters) -> InlineArray<240, Int16> {
    var spectra = InlineArray<2, ILBCLineSpectrum>(repeating: ILBCLineSpectrum())
    for index in 0..<frame.spectra {
      spectra[index] = ILBCLineSpectrum(codes: parameters[spectrum: index])
      spectra[index].stabilise()
    }
    let latest = ILBCLineSpectrum.filters(from: spectrum, spectra, frame: frame)
    spectrum = spectra[frame.spectra &- 1]
    var residual = InlineArray<240, Float>(repeating: 0)
    var span = residual.mutableSpan
    ILBCStartState.decode(parameters, by: latest[parameters.start &- 1], into: &span)
    for number in 0...frame.codedSubblocks {
      let segment = ILBCSegment(
        number, frame: frame, start: parameters.start, stateIsFirst: parameters.stateIsFirst)
      let memory = segment.memory(of: span.span)
      let samples = ILBCCodebook.decode(parameters[segment: number], segment, memory: memory.span)
      segment.write(samples.span, to: &span)
    }
    concealment.receive(residual, latest[frame.subblocks &- 1])
    return synthesise(residual.span, by: latest, isLost: false)
  }

  private mutating func conceal() -> InlineArray<240, Int16> {
    let (residual, filter) = concealment.conceal(lag: enhancer.lag, frame: frame)
    return synthesise(residual.span, by: InlineArray(repeating: filter), isLost: true)
  }

  private mutating func synthesise(
    _ residual: Span<Float>, by latest: InlineArray<6, ILBCFilter>, isLost: Bool
  ) -> InlineArray<240, Int16> {
    let enhanced = enhancer.enhance(residual, frame: frame, afterLoss: wasLost)
    let excitation = enhanced.span
    var signal = InlineArray<250, Float>(repeating: 0)
    var span = signal.mutableSpan
    for index in 0..<10 { span[index] = past[index] }
    for index in 0..<frame.samples { span[index &+ 10] = excitation[index] }
    for index in 0..<frame.subblocks {
      let range = 40 &* index &+ 10..<40 &* index &+ 50
      let delayed = index &- frame.delayedSubblocks
      if delayed < 0 {
        filters[frame.subblocks &+ delayed].synthesise(&span, range)
      } else {
        latest[delayed].synthesise(&span, range)
      }
    }
    for index in 0..<10 { past[index] = span[index &+ frame.samples] }
    filters = latest
    wasLost = isLost

    var output = InlineArray<240, Int16>(repeating: 0)
    var sum: Float = 0
    for index in 0..<frame.samples {
      let sample = highPass.filter(span[index &+ 10])
      sum += sample.magnitude + residual[index].magnitude
      output[index] = ILBCConversion.sample(sample)
    }
    // Odd codes can make filters that run away. What is not finite would stay so for good.
    if !sum.isFinite { self = ILBCDecoder(frame: frame) }
    return output
  }
}
