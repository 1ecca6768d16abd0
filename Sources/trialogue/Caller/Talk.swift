import Primitives

/// When a caller speaks; in between it sends its quiet voice, so that packets never stop.
enum Talk: Sendable {
  case never
  /// The voice, over and over.
  case always
  /// The voice from its start to its end, then never again.
  case once
  /// Spurts (mean 1.2 s) and pauses (mean 1.8 s) of a conversation, both exponential: 40 % of the members speak at a time.
  case conversation(isTalking: Bool, packetsLeft: Int)

  static let meanSpurt = 60.0
  static let meanPause = 90.0

  /// A conversation that was going on before.
  static func conversation(random: inout RandomSource) -> Talk {
    let isTalking = Double.random(in: 0..<1, using: &random) < meanSpurt / (meanSpurt + meanPause)
    return .conversation(isTalking: isTalking, packetsLeft: length(isTalking, &random))
  }

  /// False for who stays silent.
  var isEver: Bool {
    switch self {
    case .never: false
    case .always, .once, .conversation: true
    }
  }

  /// Whether the next packet is speech; counts it.
  mutating func next(position: Int, of count: Int, random: inout RandomSource) -> Bool {
    switch self {
    case .never: return false
    case .always: return true
    case .once:
      if position < count { return true }
      self = .never
      return false
    case .conversation(let isTalking, let left):
      if left > 0 {
        self = .conversation(isTalking: isTalking, packetsLeft: left - 1)
        return isTalking
      }
      self = .conversation(isTalking: !isTalking, packetsLeft: Talk.length(!isTalking, &random) - 1)
      return !isTalking
    }
  }

  /// Packets of a spurt or pause, at least one.
  private static func length(_ isTalking: Bool, _ random: inout RandomSource) -> Int {
    let uniform = Double.random(in: 0.000_001..<1, using: &random)
    return max(1, Int(-Logarithm.natural(uniform) * (isTalking ? meanSpurt : meanPause)))
  }
}
