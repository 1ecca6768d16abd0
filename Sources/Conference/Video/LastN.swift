/// Who is seen at all where not everybody can be: pinned members, then those who spoke last.
package struct LastN: Sendable {
  /// Members remembered.
  package static let maximumMembers = 512

  /// How many are seen.
  package var limit: Int
  /// Seen always, as far as the limit goes.
  package var pinned: [LegID] = []
  /// Most recent speakers first.
  private var order: [LegID] = []

  package init(limit: Int) { self.limit = limit }

  /// A member with a picture; it comes last until it speaks.
  package mutating func add(_ leg: LegID) {
    guard !order.contains(leg), order.count < Self.maximumMembers else { return }
    order.append(leg)
  }

  package mutating func remove(_ leg: LegID) {
    order.removeAll { $0 == leg }
    pinned.removeAll { $0 == leg }
  }

  /// A member is the active speaker. One that is seen already keeps its place, so that pictures do not dance.
  package mutating func speak(_ leg: LegID) {
    guard let index = order.firstIndex(of: leg), index >= max(0, limit - pinned.count) else { return }
    order.remove(at: index)
    order.insert(leg, at: 0)
  }

  /// Whom `watcher` sees, never itself, in an order that changes little.
  package func visible(to watcher: LegID) -> [LegID] {
    var seen: [LegID] = []
    for leg in pinned + order where seen.count < max(0, limit) && leg != watcher && !seen.contains(leg) {
      seen.append(leg)
    }
    return seen
  }
}
