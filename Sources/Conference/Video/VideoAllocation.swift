/// Shares a watcher's bandwidth among the streams that it sees: the big picture first, then the others, each raised step by
/// step; what does not fit pauses.
package enum VideoAllocation {
  /// What one view asks for.
  package struct Wish: Hashable, Sendable {
    /// Bits a second of the publisher's streams, the smallest picture first; 0 where it sends none.
    package var bitrates: [Int]
    /// Of these no more than this one is of use, such as for a small picture in a grid.
    package var highest: Int
    /// The big picture or a shared screen.
    package var isBig: Bool
    /// What the view has now; nil while it pauses.
    package var current: LayerSelector.Layers?

    package init(bitrates: [Int], highest: Int, isBig: Bool = false, current: LayerSelector.Layers? = nil) {
      self.bitrates = bitrates
      self.highest = highest
      self.isBig = isBig
      self.current = current
    }
  }

  /// Temporal layers that a stream may have; each left out saves the given part of its bits.
  static let temporalShares: [Int] = [55, 75, 100]
  /// What more than now must be free before a view goes up: it shall not swing. Percent.
  static let headroom = 110

  /// What each view gets, in the order of the wishes; nil pauses it.
  ///
  /// First everybody gets its smallest stream's base layer, big pictures first, as far as that fits. Then the big ones are
  /// raised as high as fits, then the others, one step each in turn.
  package static func share(_ bitrate: Int, among wishes: [Wish]) -> [LayerSelector.Layers?] {
    var left = max(0, bitrate)
    var levels = [Int](repeating: -1, count: wishes.count)
    let order = wishes.indices.filter { wishes[$0].isBig } + wishes.indices.filter { !wishes[$0].isBig }
    for index in order { _ = raise(index, &levels, wishes, &left) }
    for index in order where wishes[index].isBig { while raise(index, &levels, wishes, &left) {} }
    var goesOn = true
    while goesOn {
      goesOn = false
      for index in order where !wishes[index].isBig && raise(index, &levels, wishes, &left) { goesOn = true }
    }
    return wishes.indices.map { layers(levels[$0]) }
  }

  /// Level 0 is the base layer of the smallest stream, 3 that of the next one.
  private static func layers(_ level: Int) -> LayerSelector.Layers? {
    guard level >= 0 else { return nil }
    return LayerSelector.Layers(stream: level / temporalShares.count, temporal: UInt8(level % temporalShares.count))
  }

  /// Takes the next level that the view's publisher really sends, if it fits.
  private static func raise(_ index: Int, _ levels: inout [Int], _ wishes: [Wish], _ left: inout Int) -> Bool {
    let wish = wishes[index]
    let now = cost(levels[index], wish) ?? 0
    let top = min(wish.highest &+ 1, wish.bitrates.count) * temporalShares.count
    var level = levels[index] + 1
    while level < top {
      // A level that costs less than the one below it, such as a larger stream's base layer, is taken over at its turn.
      if let cost = cost(level, wish) {
        let isHigher = level > (wish.current.map { $0.stream * temporalShares.count + Int($0.temporal) } ?? -1)
        let needed = isHigher && wish.current != nil ? clampingProduct(cost, headroom) / 100 : cost
        guard needed - now <= left else { return false }
        left -= cost - now
        levels[index] = level
        return true
      }
      level += 1
    }
    return false
  }

  private static func cost(_ level: Int, _ wish: Wish) -> Int? {
    guard level >= 0 else { return nil }
    let stream = level / temporalShares.count
    guard wish.bitrates.indices.contains(stream), wish.bitrates[stream] > 0 else { return nil }
    return clampingProduct(wish.bitrates[stream], temporalShares[level % temporalShares.count]) / 100
  }

  private static func clampingProduct(_ left: Int, _ right: Int) -> Int {
    let (product, overflow) = left.multipliedReportingOverflow(by: right)
    return overflow ? .max : product
  }
}
