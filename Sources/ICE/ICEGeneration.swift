import Primitives

/// One set of credentials and the pairs that were checked with them: what an ICE restart begins anew (RFC 8445, section
/// 9).
struct ICEGeneration: Hashable, Sendable, Codable {
  /// A pair on which a valid check came.
  struct Valid: Hashable, Sendable, Codable {
    let pair: CandidatePair
    /// RFC 8445, section 6.1.2.3, from what the last check said.
    var priority: UInt64
    var lastCheck: Instant
    var lastNomination: Instant?
    /// Consent expired here: the same credentials get none again on the same pair (RFC 7675, section 5.1).
    var isBarred = false
    /// Marks of the last transactions here: who repeats one of them has not got its answer.
    var transactions: [UInt64] = []
  }

  /// Pairs at most; the one that was checked longest ago makes room.
  static let maximumPairs = 16
  /// Transactions of a pair that may be repeated: a peer has one check under way on a pair, or few.
  static let maximumRepeatable = 8

  let local: ICECredentials
  /// Nil until the peer's answer came; checks may come earlier.
  var remote: ICECredentials?
  private(set) var pairs: [Valid] = []
  private var seen = SeenTransactions()

  init(local: ICECredentials, remote: ICECredentials?) {
    self.local = local
    self.remote = remote
  }

  subscript(pair: CandidatePair) -> Valid? { pairs.first { $0.pair == pair } }

  /// How a check stands to those that were taken before.
  enum Novelty {
    case new
    /// The same again on the same pair: an answer was lost (RFC 8489, section 6.2.1).
    case repeated
    /// Of another pair, or long past: somebody has captured it.
    case replayed
  }

  func novelty(of transaction: STUNTransactionID, on pair: CandidatePair) -> Novelty {
    if self[pair]?.transactions.contains(transaction.mark) == true { return .repeated }
    return seen.contains(transaction) ? .replayed : .new
  }

  /// Remembers the transaction of a check that was noted.
  mutating func remember(_ transaction: STUNTransactionID, on pair: CandidatePair) {
    seen.insert(transaction)
    guard let index = pairs.firstIndex(where: { $0.pair == pair }) else { return }
    if pairs[index].transactions.count >= Self.maximumRepeatable { pairs[index].transactions.removeFirst() }
    pairs[index].transactions.append(transaction.mark)
  }

  /// Notes a valid check; true if a pair had to make room.
  mutating func note(
    _ pair: CandidatePair, priority: UInt64, isNomination: Bool, keeping selected: CandidatePair?, at now: Instant
  ) -> Bool {
    if let index = pairs.firstIndex(where: { $0.pair == pair }) {
      pairs[index].priority = priority
      pairs[index].lastCheck = now
      if isNomination { pairs[index].lastNomination = now }
      return false
    }
    var isFull = false
    if pairs.count >= Self.maximumPairs {
      isFull = true
      let oldest = pairs.indices.filter { pairs[$0].pair != selected }.min { pairs[$0].lastCheck < pairs[$1].lastCheck }
      if let oldest { pairs.remove(at: oldest) }
    }
    pairs.append(
      Valid(pair: pair, priority: priority, lastCheck: now, lastNomination: isNomination ? now : nil))
    return isFull
  }

  mutating func bar(_ pair: CandidatePair) {
    for index in pairs.indices where pairs[index].pair == pair { pairs[index].isBarred = true }
  }

  mutating func remove(_ pair: CandidatePair) { pairs.removeAll { $0.pair == pair } }
}
