// The mean of the periods around a block takes its place, if it is not too far from it
// (RFC 3951, sections 4.6.3 to 4.6.5).

extension ILBCPitchSequences {
  /// The energy of the change may be 5 % of the block's.
  private static var share: Float { 0.05 }

  /// (1 − cos 2πi/8) / 2 for each sequence but the block itself.
  private static let weights: [Float] = (1...7).map { number in
    let pi: Float = 3.14159265358979323846
    return number == 4 ? 0 : 0.5 * (1 - ILBCMathematics.cosine(2 * pi * Float(number) / 8))
  }

  func smooth(into result: inout MutableSpan<Float>, at place: Int) {
    let surroundings = surroundings
    let around = surroundings.span
    let block = sequences.span.extracting(240..<320)
    var (own, mean, both): (Float, Float, Float) = (0, 0, 0)
    for index in 0..<80 {
      let sample = block[index]
      own += sample * sample
      mean += around[index] * around[index]
      both += around[index] * sample
    }
    if mean < 1 { mean = 1 }
    let gain = (own / mean).squareRoot()
    var change: Float = 0
    for index in 0..<80 {
      let value = gain * around[index]
      let difference = block[index] - value
      result[place &+ index] = value
      change += difference * difference
    }
    guard change > Self.share * own else { return }

    // Too far: as far as allowed, by a multiplier of Lagrange.
    if own < 1 { own = 1 }
    let distance = (mean * own - both * both) / (own * own)
    var (others, itself): (Float, Float) = (0, 1)
    if distance > 0.0001 {
      others = ((Self.share - Self.share * Self.share / 4) / distance).squareRoot()
      itself = -Self.share / 2 - others * both / own
      itself += 1
    }
    for index in 0..<80 { result[place &+ index] = others * around[index] + itself * block[index] }
  }

  private var surroundings: InlineArray<80, Float> {
    var sum = InlineArray<80, Float>(repeating: 0)
    var output = sum.mutableSpan
    let weights = Self.weights
    let sequences = sequences.span
    for number in 0..<7 where number != 3 {
      for index in 0..<80 { output[index] += sequences[80 &* number &+ index] * weights[number] }
    }
    return sum
  }
}
