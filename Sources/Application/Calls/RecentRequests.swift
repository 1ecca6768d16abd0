import Primitives
import SIP

/// Requests outside of dialogs that came lately, to find those that a fork brought here twice (RFC 3261, section 8.2.2.2).
struct RecentRequests: Sendable {
  private struct Key: Hashable {
    var callID: String
    var fromTag: String
    var cSeq: CSeq
  }

  static let lifetime = Duration.seconds(32)
  /// Beyond it the oldest are forgotten.
  static let limit = 20_000

  private var seen: [Key: ServerTransactionID] = [:]
  private var order: [(key: Key, end: Instant)] = []
  private var first = 0

  var count: Int { seen.count }

  /// True if the same request came before by another way: answer 482. Else it is remembered.
  mutating func isMerged(_ request: SIPRequest, _ transaction: ServerTransactionID, at now: Instant) -> Bool {
    guard let callID = request.headers.callID, let cSeq = request.headers.cSeq else { return false }
    forget(at: now)
    let key = Key(callID: callID, fromTag: request.headers.from?.tag ?? "", cSeq: cSeq)
    if let known = seen[key] { return known != transaction }
    seen[key] = transaction
    order.append((key, now + RecentRequests.lifetime))
    return false
  }

  private mutating func forget(at now: Instant) {
    while first < order.count, order[first].end <= now || seen.count >= RecentRequests.limit {
      seen[order[first].key] = nil
      first += 1
    }
    if first > 1_024, first * 2 > order.count {
      order.removeFirst(first)
      first = 0
    }
  }
}
