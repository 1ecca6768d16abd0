/// Whether a room mixes, or passes the packets of its two members on to each other as they came.
enum Relay: Hashable, Sendable {
  /// Ticks in a row that nothing stood against passing on and nobody talked; negative for a while after passing on has ended.
  case mixing(pause: Int)
  /// Between the legs of these slots.
  case passing(first: Int, second: Int)

  /// Ticks of a pause in which nobody hears the change.
  static let patience = 10
  /// Ticks after the end of passing on in which the listeners' encoders settle, and a new change is not thought of.
  static let cooling = 50

  /// A listener may just have come from passed-on packets to encoded ones.
  var isSettling: Bool {
    switch self {
    case .mixing(let pause): pause < 0
    case .passing: false
    }
  }

  /// Another tick that mixes; true if it is time to pass on.
  mutating func waits(isPossible: Bool, isQuiet: Bool) -> Bool {
    guard case .mixing(let pause) = self else { return false }
    if pause < 0 {
      self = .mixing(pause: pause + 1)
      return false
    }
    guard isPossible, isQuiet else {
      self = .mixing(pause: 0)
      return false
    }
    self = .mixing(pause: min(pause + 1, Self.patience))
    return pause + 1 >= Self.patience
  }
}
