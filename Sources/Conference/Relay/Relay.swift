/// Whether a room mixes, or passes the packets of its two members on to each other as they came.
enum Relay: Hashable, Sendable {
  /// Ticks in a row that nothing stood against passing on, negative for a while after passing on has ended; and how many of the
  /// last ones nobody talked.
  case mixing(possible: Int, quiet: Int)
  /// Between the legs of these slots.
  case passing(first: Int, second: Int)

  /// Whether it is time to pass on.
  enum Chance: Hashable, Sendable {
    case none
    /// Nobody talks: what waits in the room's buffers need not be sent.
    case pause
    /// In the middle of what is said: nothing of it may be left out.
    case talk
  }

  static let start = Relay.mixing(possible: 0, quiet: 0)

  /// In dBFS: less is a pause.
  static let quietness: Float = -45
  /// Ticks of a pause in which nobody hears the change; and ticks of talk after which codecs without memory do not wait for one.
  static let patience = 10
  /// Ticks of talk after which the others do not.
  static let longPatience = 100
  /// Ticks after the end of passing on in which the listeners' encoders settle, and a new change is not thought of.
  static let cooling = 50

  /// A listener may just have come from passed-on packets to encoded ones.
  var isSettling: Bool {
    switch self {
    case .mixing(let possible, _): possible < 0
    case .passing: false
    }
  }

  /// The room mixes and waits for a chance to pass on.
  var isWaiting: Bool {
    switch self {
    case .mixing(let possible, _): possible > 0
    case .passing: false
    }
  }

  /// Another tick that mixes.
  ///
  /// - Parameter patience: ticks of talk after which no pause is waited for; nil for ever.
  mutating func waits(isPossible: Bool, isQuiet: Bool, patience: Int?) -> Chance {
    guard case .mixing(let possible, let quiet) = self else { return .none }
    if possible < 0 {
      self = .mixing(possible: possible + 1, quiet: 0)
      return .none
    }
    guard isPossible else {
      self = .start
      return .none
    }
    let ticks = min(possible + 1, Self.longPatience)
    let pause = isQuiet ? min(quiet + 1, Self.patience) : 0
    self = .mixing(possible: ticks, quiet: pause)
    if pause >= Self.patience { return .pause }
    return ticks >= patience ?? .max ? .talk : .none
  }
}
