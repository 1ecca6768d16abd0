import Primitives

/// How hard the Opus encoders of a media loop try: best while its core has time, cheapest before new calls would be refused
/// (decision 0008).
///
/// One step at a time. A level costs at most 1.45 times what the one below costs: it is taken again only where that leads to no load
/// at which it would be given up at once.
package struct OpusComplexity: Hashable, Sendable {
  /// Those of libopus that differ in what is heard or in what they cost.
  package static let levels = [0, 1, 3, 5, 7, 8]
  /// Shares of the load at which calls are refused: above the first a level is given up, below the second one is taken again.
  static let tooMuch = 0.75
  static let little = 0.45
  /// Nanoseconds of little load before a level is taken again.
  static let patience: Int64 = 10_000_000_000

  /// Where nobody has said anything yet.
  package static let usual = 5

  /// 0 to 10, as libopus counts.
  package private(set) var value = OpusComplexity.usual
  /// Of a core, at which calls are refused.
  private let maximumLoad: Double
  /// Since when there has been little to do; nil while there is enough.
  private var idleSince: Instant?

  package init(maximumLoad: Double) { self.maximumLoad = max(maximumLoad, 0.05) }

  /// Takes the share of a core that the loop used over the last second, 0 to 1; true if the value changes.
  package mutating func follow(load: Double, at now: Instant) -> Bool {
    let share = load / maximumLoad
    guard share < Self.little else {
      idleSince = nil
      guard share > Self.tooMuch, let lower = Self.levels.last(where: { $0 < value }) else { return false }
      value = lower
      return true
    }
    let since = idleSince ?? now
    idleSince = since
    guard now.nanoseconds(since: since) >= Self.patience, let higher = Self.levels.first(where: { $0 > value }) else {
      return false
    }
    value = higher
    idleSince = now
    return true
  }
}
