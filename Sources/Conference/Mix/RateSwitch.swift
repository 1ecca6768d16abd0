/// The rate that a room mixes at, and the one tick in which it changes: then the room mixes at both rates, and all who
/// listen cross-fade from the old to the new one.
enum RateSwitch: Hashable, Sendable {
  case steady(Int)
  case changing(from: Int, to: Int)

  /// The rate that the room runs at from now on, in hertz.
  var rate: Int {
    switch self {
    case .steady(let rate): rate
    case .changing(_, let rate): rate
    }
  }

  /// The rate that is left in this tick, or nil.
  var former: Int? {
    switch self {
    case .steady: nil
    case .changing(let rate, _): rate
    }
  }

  /// Asks for another rate; takes effect in the next tick.
  mutating func request(_ wanted: Int) {
    switch self {
    case .steady(let rate):
      if rate != wanted { self = .changing(from: rate, to: wanted) }
    case .changing(let from, _):
      self = from == wanted ? .steady(wanted) : .changing(from: from, to: wanted)
    }
  }

  /// The tick with both rates is over.
  mutating func settle() { self = .steady(rate) }

  /// The rate of a room, 8,000, 16,000 or 48,000: the best that a member can use, within the room's limit.
  static func rate(best: Int, maximum: Int) -> Int {
    let limit = min(best, maximum)
    return limit <= 8_000 ? 8_000 : limit <= 16_000 ? 16_000 : 48_000
  }
}
