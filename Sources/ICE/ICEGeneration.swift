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
  }

  /// Pairs at most; the one that was checked longest ago makes room.
  static let maximumPairs = 16

  let local: ICECredentials
  /// Nil until the peer's answer came; checks may come earlier.
  var remote: ICECredentials?
  private(set) var pairs: [Valid] = []

  init(local: ICECredentials, remote: ICECredentials?) {
    self.local = local
    self.remote = remote
  }

  subscript(pair: CandidatePair) -> Valid? { pairs.first { $0.pair == pair } }

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
