import Primitives

/// How fast calls of one kind come, for each key: as many at once as may come in a minute, then one whenever the minute's
/// share has passed (the generic cell rate algorithm: one instant for each key).
struct CallPace<Key: Hashable & Sendable>: Sendable {
  /// Keys that are remembered; beyond it the one that is nearest to its full measure again is forgotten.
  static var keyLimit: Int { 10_000 }
  private static var window: Int64 { 60_000_000_000 }

  /// When each key has its full measure again.
  private var full: [Key: Instant] = [:]

  var count: Int { full.count }

  /// Nil if the call may come, and is counted; else the seconds until one may.
  mutating func take(_ key: Key, perMinute: Int, at now: Instant) -> Int? {
    let share = CallPace.window / Int64(max(perMinute, 1))
    let at = max(full[key] ?? now, now)
    // What would be used up once this call is counted.
    let used = at.nanoseconds(since: now) + share
    guard used <= CallPace.window else {
      return Int((used - CallPace.window + 999_999_999) / 1_000_000_000)
    }
    if full[key] == nil, full.count >= CallPace.keyLimit { makeRoom(at: now) }
    full[key] = at.advanced(byNanoseconds: share)
    return nil
  }

  private mutating func makeRoom(at now: Instant) {
    full = full.filter { $0.value > now }
    guard full.count >= CallPace.keyLimit, let nearest = full.min(by: { $0.value < $1.value })?.key else { return }
    full[nearest] = nil
  }
}
