import Primitives

/// Keeps us from flooding an address that has not shown that it wants our packets (amplification by announcements).
///
/// Five packets go out at once; then one a second, ten times, until something valid has come back.
enum ReturnRoutability: Hashable, Sendable {
  case unproven(sent: Int, next: Instant)
  case proven

  /// How many packets an address gets before it must show itself.
  static let credit = 5
  /// How many more it gets, one a second.
  static let probes = 10

  static let initial = ReturnRoutability.unproven(sent: 0, next: Instant(nanoseconds: .min))

  /// Whether a packet would be let out now.
  func isOpen(at now: Instant) -> Bool {
    var trial = self
    return trial.maySend(at: now)
  }

  /// Whether a packet may go out now; counts it.
  mutating func maySend(at now: Instant) -> Bool {
    switch self {
    case .proven: return true
    case .unproven(let sent, let next):
      if sent < Self.credit {
        self = .unproven(sent: sent + 1, next: now.advanced(byMilliseconds: 1_000))
        return true
      }
      guard sent < Self.credit + Self.probes, now >= next else { return false }
      self = .unproven(sent: sent + 1, next: now.advanced(byMilliseconds: 1_000))
      return true
    }
  }
}
