import Primitives

/// The packets of one source that did not come: asked for again a few times, then given up.
package struct MissingPackets: Sendable {
  /// More at once than this is no loss but a break: nothing is asked for, a key frame mends it.
  package static let maximumCount = 128
  /// Reordering is given so long before the first request; nanoseconds.
  package static let patience: Int64 = 10_000_000
  /// Between two requests for a packet.
  package static let interval: Int64 = 60_000_000
  package static let maximumAttempts = 6

  private struct Missing: Sendable {
    var sequence: Int64
    var next: Instant
    var attempts: Int
  }

  private var missing: [Missing] = []
  private var highest: Int64?
  /// Asked for as often as we do, and not come; or too many at once.
  package private(set) var abandoned = 0

  package init() { missing.reserveCapacity(Self.maximumCount) }

  /// When something should be asked for.
  package var deadline: Instant? {
    var soonest: Instant?
    for one in missing where one.next < soonest ?? .distantFuture { soonest = one.next }
    return soonest
  }

  package mutating func receive(_ sequence: Int64, at now: Instant) {
    guard let highest else {
      self.highest = sequence
      return
    }
    if sequence <= highest {
      if let index = missing.firstIndex(where: { $0.sequence == sequence }) { missing.swapAt(index, missing.count - 1) }
      if missing.last?.sequence == sequence { missing.removeLast() }
      return
    }
    self.highest = sequence
    let gap = sequence &- highest &- 1
    guard gap > 0 else { return }
    guard gap <= Int64(Self.maximumCount - missing.count) else {
      abandoned &+= missing.count &+ Int(clamping: gap)
      missing.removeAll(keepingCapacity: true)
      return
    }
    let next = now.advanced(byNanoseconds: Self.patience)
    for lost in highest &+ 1..<sequence { missing.append(Missing(sequence: lost, next: next, attempts: 0)) }
  }

  /// What to ask for now, as it stands on the wire, in order.
  package mutating func timeout(at now: Instant) -> [UInt16] {
    guard let deadline, deadline <= now else { return [] }
    var wanted: [Int64] = []
    for index in missing.indices where missing[index].next <= now {
      missing[index].attempts += 1
      missing[index].next = now.advanced(byNanoseconds: Self.interval)
      if missing[index].attempts <= Self.maximumAttempts { wanted.append(missing[index].sequence) }
    }
    let before = missing.count
    missing.removeAll { $0.attempts > Self.maximumAttempts }
    abandoned &+= before - missing.count
    return wanted.sorted().map { UInt16(truncatingIfNeeded: $0) }
  }
}
