/// Chooses the loudest members, with hysteresis: who is heard already stays unless somebody is clearly louder.
struct TalkerSelection: Sendable {
  /// A leg that could be heard.
  struct Candidate: Sendable {
    var slot: Int
    /// In dBFS, with the bonus of those heard already.
    var rank: Float
  }

  /// How much louder, in decibels, a newcomer must be to take the place of one who is heard.
  static let bonus: Float = 6

  private(set) var chosen: [Candidate] = []
  private var maximum = 0

  init(capacity: Int) { chosen.reserveCapacity(capacity + 1) }

  /// Starts a round in which at most `maximum` are chosen.
  mutating func begin(maximum: Int) {
    chosen.removeAll(keepingCapacity: true)
    self.maximum = max(maximum, 1)
  }

  /// Puts a leg forward; `loudness` in dBFS.
  mutating func consider(slot: Int, loudness: Float, isHeard: Bool) {
    let rank = isHeard ? loudness + Self.bonus : loudness
    if chosen.count == maximum {
      guard let last = chosen.last, rank > last.rank else { return }
      chosen.removeLast()
    }
    var index = chosen.count
    while index > 0, chosen[index - 1].rank < rank { index -= 1 }
    chosen.insert(Candidate(slot: slot, rank: rank), at: index)
  }
}
