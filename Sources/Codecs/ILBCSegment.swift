/// A run of the residual that is coded from the codebook: where it lies, which way it is read, and what is decoded
/// already when its turn comes (RFC 3951, sections 3.6 and 3.6.1).
///
/// Segment 0 is the rest of the start state's two sub-blocks; then come the sub-blocks behind them, forwards in time,
/// and those before them, backwards: samples and codebook are then mirrored.
struct ILBCSegment {
  let number: Int
  /// Place of its first sample in the frame.
  let origin: Int
  /// 1 forwards, −1 backwards.
  let step: Int
  let count: Int
  /// Samples that lie decoded next to its first one, at most 147.
  let known: Int
  /// The sub-block whose filter weights the search.
  let subblock: Int
  /// Vectors of a section of the codebook that are cut from the memory as they are.
  let plainVectors: Int

  /// - Parameter start: 1 to the frame's number of sub-blocks less 1.
  init(_ number: Int, frame: ILBCFrame, start: Int, stateIsFirst: Bool) {
    self.number = number
    let state = (start &- 1) &* 40
    let later = frame.subblocks &- 1 &- start
    switch number {
    case 0:
      count = 80 &- frame.stateSamples
      known = frame.stateSamples
      (origin, step) = stateIsFirst ? (state &+ frame.stateSamples, 1) : (state &+ count &- 1, -1)
      subblock = stateIsFirst ? start : start &- 1
      plainVectors = 86 &- count
    case ...later:
      (origin, step, count) = (state &+ 40 &+ 40 &* number, 1, 40)
      known = min(40 &+ 40 &* number, 147)
      subblock = start &+ number
      plainVectors = 108
    default:
      let end = state &- 40 &* (number &- 1 &- later)
      (origin, step, count) = (end &- 1, -1, 40)
      known = min(frame.samples &- end, 147)
      subblock = start &- 1 &- (number &- later)
      plainVectors = 108
    }
  }

  /// Vectors of a section: with the 20 that repeat less than 40 samples, if the segment is a whole sub-block.
  var vectors: Int { count == 40 ? plainVectors &+ 20 : plainVectors }

  /// The decoded samples before the segment, the nearest one last, behind zeros.
  func memory(of residual: Span<Float>) -> InlineArray<147, Float> {
    var memory = InlineArray<147, Float>(repeating: 0)
    var span = memory.mutableSpan
    for index in 0..<known { span[146 &- index] = residual[origin &- step &* (index &+ 1)] }
    return memory
  }

  func read(_ residual: Span<Float>) -> InlineArray<40, Float> {
    var samples = InlineArray<40, Float>(repeating: 0)
    var span = samples.mutableSpan
    for index in 0..<count { span[index] = residual[origin &+ step &* index] }
    return samples
  }

  func write(_ samples: Span<Float>, to residual: inout MutableSpan<Float>) {
    for index in 0..<count { residual[origin &+ step &* index] = samples[index] }
  }
}
