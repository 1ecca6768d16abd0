/// The sending side of iLBC at 8 kHz (RFC 3951; RFC 3952). A value: a copy is a fork.
///
/// The arithmetic is single precision in the order of the RFC's own program: bit streams are equal to its.
package struct ILBCEncoder: Sendable {
  package let frame: ILBCFrame
  private var highPass = ILBCHighPass.input
  private var analysis = ILBCAnalysis()
  /// The last ten samples, for the filters' past.
  private var past = InlineArray<10, Float>(repeating: 0)

  package init(frame: ILBCFrame) { self.frame = frame }

  /// Codes whole frames, as many as there are and fit; returns octets. Samples that fill no frame are left out.
  package mutating func encode(_ samples: Span<Int16>, into payload: inout MutableSpan<UInt8>) -> Int {
    let frames = min(samples.count / frame.samples, payload.count / frame.octets)
    for index in 0..<frames {
      let first = index &* frame.samples
      let parameters = encode(samples.extracting(first..<first &+ frame.samples))
      parameters.write(to: &payload, at: index &* frame.octets)
    }
    return frames &* frame.octets
  }

  /// - Parameter samples: exactly one frame.
  private mutating func encode(_ samples: Span<Int16>) -> ILBCParameters {
    var parameters = ILBCParameters(frame: frame)
    var store = InlineArray<250, Float>(repeating: 0)
    var signal = store.mutableSpan
    for index in 0..<10 { signal[index] = past[index] }
    for index in 0..<frame.samples { signal[index &+ 10] = highPass.filter(Float(samples[index])) }
    for index in 0..<10 { past[index] = signal[index &+ frame.samples] }

    let prediction = analysis.analyse(signal.span, into: &parameters)
    var target = InlineArray<240, Float>(repeating: 0)
    var residual = target.mutableSpan
    for index in 0..<frame.subblocks {
      let first = 40 &* index
      prediction.synthesis[index].analyse(signal.span, from: first &+ 10, count: 40, into: &residual, at: first)
    }

    parameters.start = ILBCStartState.locate(in: residual.span, frame: frame)
    parameters.stateIsFirst = ILBCStartState.isFirst(
      in: residual.span, at: 40 &* (parameters.start &- 1), frame: frame)
    ILBCStartState.encode(residual.span, by: prediction, into: &parameters)
    Self.encodeSegments(residual.span, by: prediction, into: &parameters)
    return parameters
  }

  /// All but the start state, each out of what a decoder knows by then (section 3.6).
  private static func encodeSegments(
    _ residual: Span<Float>, by prediction: ILBCPrediction, into parameters: inout ILBCParameters
  ) {
    var store = InlineArray<240, Float>(repeating: 0)
    var decoded = store.mutableSpan
    ILBCStartState.decode(parameters, by: prediction.synthesis[parameters.start &- 1], into: &decoded)
    for number in 0...parameters.frame.codedSubblocks {
      let segment = ILBCSegment(
        number, frame: parameters.frame, start: parameters.start, stateIsFirst: parameters.stateIsFirst)
      let memory = segment.memory(of: decoded.span)
      let target = segment.read(residual)
      let stages = ILBCCodebookSearch.search(
        for: target.span, segment, memory: memory.span, weighting: prediction.weighting[segment.subblock])
      let samples = ILBCCodebook.decode(stages, segment, memory: memory.span)
      segment.write(samples.span, to: &decoded)
      parameters[segment: number] = stages
    }
  }
}
