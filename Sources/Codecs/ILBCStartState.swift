/// The start state: the 57 or 58 samples of the residual with the most energy. They are coded one by one, and the
/// codebook for all others grows out of them (RFC 3951, sections 3.5 and 4.2).
enum ILBCStartState {
  /// The two neighbouring sub-blocks with the most energy, weighted at both ends and towards the frame's middle
  /// (section 3.5.1); returns the number of the second.
  static func locate(in residual: Span<Float>, frame: ILBCFrame) -> Int {
    let favour: InlineArray<5, Float> = [0.8, 0.9, 1, 0.9, 0.8]
    let first = frame == .twentyMilliseconds ? 1 : 0
    var best = 1
    var greatest: Float = 0
    for second in 1..<frame.subblocks {
      let energy =
        energy(of: residual, subblock: second &- 1, rising: true)
        + energy(of: residual, subblock: second, rising: false)
      let weighted = energy * favour[first &+ second &- 1]
      if second == 1 || weighted > greatest { (best, greatest) = (second, weighted) }
    }
    return best
  }

  /// The energy of a sub-block whose first (or last) five samples count less.
  private static func energy(of residual: Span<Float>, subblock: Int, rising: Bool) -> Float {
    let ramp: InlineArray<5, Float> = [1.0 / 6.0, 2.0 / 6.0, 3.0 / 6.0, 4.0 / 6.0, 5.0 / 6.0]
    var sum: Float = 0
    for index in 0..<40 {
      let sample = residual[40 &* subblock &+ index]
      let place = rising ? index : 39 &- index
      sum += place < 5 ? ramp[place] * sample * sample : sample * sample
    }
    return sum
  }

  /// Whether the first samples of the two sub-blocks from `place` have more energy than the last ones.
  static func isFirst(in residual: Span<Float>, at place: Int, frame: ILBCFrame) -> Bool {
    var (first, last): (Float, Float) = (0, 0)
    for index in 0..<frame.stateSamples {
      let early = residual[place &+ index]
      let late = residual[place &+ index &+ 80 &- frame.stateSamples]
      first += early * early
      last += late * late
    }
    return first > last
  }

  /// Place of the state's first sample.
  static func origin(_ parameters: ILBCParameters) -> Int {
    let place = 40 &* (parameters.start &- 1)
    return parameters.stateIsFirst ? place : place &+ 80 &- parameters.frame.stateSamples
  }

  /// Chooses scale and samples (sections 3.5.2 and 3.5.3).
  static func encode(
    _ residual: Span<Float>, by prediction: ILBCPrediction, into parameters: inout ILBCParameters
  ) {
    let count = parameters.frame.stateSamples
    let origin = origin(parameters)
    let first = parameters.start &- 1
    var state = InlineArray<58, Float>(repeating: 0)
    for index in 0..<count { state[index] = residual[origin &+ index] }
    prediction.synthesis[first].passAll(&state, count: count)

    var peak = state[0]
    for index in 1..<count where state[index] * state[index] > peak * peak { peak = state[index] }
    let greatest = peak.magnitude < 10 ? 10 : peak.magnitude
    let code = ILBCScaleTable.nearest(to: ILBCMathematics.logarithm(greatest), in: ILBCScaleTable.scales)
    parameters.stateScale = code
    let scale = 4.5 / ILBCScaleTable.amplitudes[Int(code)]

    // The second sub-block begins here.
    let change = parameters.stateIsFirst ? 40 : count &- 40
    var target = InlineArray<68, Float>(repeating: 0)
    for index in 0..<count { target[index &+ 10] = state[index] * scale }
    var weighted = target.mutableSpan
    prediction.weighting[first].synthesise(&weighted, 10..<10 &+ change)
    prediction.weighting[first &+ 1].synthesise(&weighted, 10 &+ change..<10 &+ count)

    var coded = InlineArray<68, Float>(repeating: 0)
    var output = coded.mutableSpan
    let samples = ILBCScaleTable.samples
    for index in 0..<count {
      let place = index &+ 10
      let filter = index < change ? first : first &+ 1
      // What the samples so far ring on to is the prediction of this one.
      prediction.weighting[filter].synthesise(&output, place..<place &+ 1)
      let sample = ILBCScaleTable.nearest(to: weighted[place] - output[place], in: samples)
      parameters[state: index] = sample
      output[place] = samples[Int(sample)]
      prediction.weighting[filter].synthesise(&output, place..<place &+ 1)
    }
  }

  /// Puts the state at its place in the residual.
  static func decode(
    _ parameters: ILBCParameters, by filter: ILBCFilter, into residual: inout MutableSpan<Float>
  ) {
    let count = parameters.frame.stateSamples
    let origin = origin(parameters)
    let scale = ILBCScaleTable.amplitudes[Int(parameters.stateScale & 63)] / 4.5
    let samples = ILBCScaleTable.samples
    // The all-pass filter runs backwards here, which undoes it.
    var state = InlineArray<58, Float>(repeating: 0)
    for index in 0..<count { state[index] = scale * samples[Int(parameters[state: count &- 1 &- index] & 7)] }
    filter.passAll(&state, count: count)
    for index in 0..<count { residual[origin &+ index] = state[count &- 1 &- index] }
  }
}
