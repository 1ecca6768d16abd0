/// Gains of the codebook's three stages: each is coded relative to the one before (RFC 3951, section 3.6.4.2).
enum ILBCGain {
  /// The greatest gain that the search takes.
  static var limit: Float { 1.3 }

  static let first: [Float] = [
    0.037476, 0.075012, 0.112488, 0.150024, 0.187500, 0.224976, 0.262512, 0.299988, 0.337524, 0.375000, 0.412476,
    0.450012, 0.487488, 0.525024, 0.562500, 0.599976, 0.637512, 0.674988, 0.712524, 0.750000, 0.787476, 0.825012,
    0.862488, 0.900024, 0.937500, 0.974976, 1.012512, 1.049988, 1.087524, 1.125000, 1.162476, 1.200012,
  ]
  private static let second: [Float] = [
    -1.049988, -0.900024, -0.750000, -0.599976, -0.450012, -0.299988, -0.150024, 0.000000, 0.150024, 0.299988,
    0.450012, 0.599976, 0.750000, 0.900024, 1.049988, 1.200012,
  ]
  private static let third: [Float] = [
    -1.000000, -0.659973, -0.330017, 0.000000, 0.250000, 0.500000, 0.750000, 1.00000,
  ]

  private static func levels(_ stage: Int) -> [Float] { stage == 0 ? first : stage == 1 ? second : third }

  /// - Parameter former: the gain of the stage before; 1 for the first.
  private static func scale(_ former: Float) -> Float { former.magnitude < 0.1 ? 0.1 : former.magnitude }

  static func value(_ code: UInt8, stage: Int, former: Float) -> Float {
    let levels = levels(stage)
    return scale(former) * levels[Int(code) & (levels.count &- 1)]
  }

  /// The code of the nearest gain.
  static func code(_ gain: Float, stage: Int, former: Float) -> UInt8 {
    let levels = levels(stage)
    let scale = scale(former)
    var best = 0
    var least: Float = 10_000_000
    for index in 0..<levels.count {
      let difference = gain - scale * levels[index]
      if difference * difference < least { (best, least) = (index, difference * difference) }
    }
    return UInt8(truncatingIfNeeded: best)
  }
}
