import Primitives

/// Wrong passwords by source: who tried too often is refused for a while, whatever he brings (guessing of passwords).
struct FailedLogins: Sendable {
  /// Wrong ones within the window that block a source.
  static let tries = 10
  static let window = Duration.seconds(300)
  static let block = Duration.seconds(900)
  /// Sources that are remembered; beyond it the longest silent one is forgotten.
  static let sourceLimit = 10_000

  private struct Record {
    var count = 0
    var first: Instant
    var last: Instant
    var blockedUntil: Instant?
  }

  private var records: [IPAddress: Record] = [:]

  var count: Int { records.count }

  func isBlocked(_ source: IPAddress, at now: Instant) -> Bool {
    records[FailedLogins.key(source)]?.blockedUntil.map { now < $0 } ?? false
  }

  /// True if this try blocked the source.
  mutating func failed(_ source: IPAddress, at now: Instant) -> Bool {
    let key = FailedLogins.key(source)
    if records[key] == nil, records.count >= FailedLogins.sourceLimit { makeRoom(at: now) }
    var record = records[key] ?? Record(first: now, last: now)
    if now >= record.first + FailedLogins.window { record = Record(first: now, last: now) }
    record.count += 1
    record.last = now
    let blocks = record.count >= FailedLogins.tries && record.blockedUntil == nil
    if blocks { record.blockedUntil = now + FailedLogins.block }
    records[key] = record
    return blocks
  }

  private mutating func makeRoom(at now: Instant) {
    let old = now - FailedLogins.window
    records = records.filter { $0.value.last > old || ($0.value.blockedUntil ?? old) > now }
    guard records.count >= FailedLogins.sourceLimit,
      let oldest = records.min(by: { $0.value.last < $1.value.last })?.key
    else { return }
    records[oldest] = nil
  }

  /// One subscriber has a whole /64 of IPv6.
  private static func key(_ source: IPAddress) -> IPAddress {
    switch source.unmapped {
    case .v4(let bits): .v4(bits)
    case .v6(let upper, _): .v6(upper, 0)
    }
  }
}
