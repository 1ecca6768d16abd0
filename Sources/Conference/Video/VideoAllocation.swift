/// Shares a watcher's bandwidth among the streams that it sees: the big picture first, then the others, each raised step by
/// step; what does not fit pauses. A step is what is worth more to the eye, by the picture's size and by its frames.
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

  /// One thing that a view may be given: what it costs in bit/s, and what it is worth to who looks.
  private struct Level {
    var layers: LayerSelector.Layers
    var cost: Int
    var worth: Int
  }

  /// Temporal layers that a stream may have; each left out saves the given part of its bits.
  static let temporalShares: [Int] = [55, 75, 100]
  /// What a picture is worth by its frames: all of them, every second, every fourth. A picture of twice the width is worth
  /// more at half of the frames, but not at a quarter: four a second are no motion.
  private static let frameWorths: [Int] = [40, 70, 100]
  /// What a picture is worth by its size: the smallest, and what each next one, of twice the width, adds.
  private static let sizeWorths = (smallest: 10, more: 6)
  /// What more than now must be free before a view goes up: it shall not swing. Percent.
  static let headroom = 110

  /// What each view gets, in the order of the wishes; nil pauses it.
  ///
  /// First everybody gets the least that its publisher sends, big pictures first, as far as that fits. Then the big ones are
  /// raised as high as fits, then the others, one step each in turn.
  package static func share(_ bitrate: Int, among wishes: [Wish]) -> [LayerSelector.Layers?] {
    let ladders = wishes.map(ladder)
    var left = max(0, bitrate)
    var places = [Int](repeating: -1, count: wishes.count)
    func raise(_ index: Int) -> Bool {
      let place = places[index] + 1
      guard ladders[index].indices.contains(place) else { return false }
      let level = ladders[index][place]
      let now = place > 0 ? ladders[index][place - 1].cost : 0
      let isHigher = wishes[index].current.map { worth($0.stream, Int($0.temporal)) < level.worth } ?? false
      let needed = isHigher ? clampingProduct(level.cost, headroom) / 100 : level.cost
      guard needed - now <= left else { return false }
      left -= level.cost - now
      places[index] = place
      return true
    }
    let order = wishes.indices.filter { wishes[$0].isBig } + wishes.indices.filter { !wishes[$0].isBig }
    for index in order { _ = raise(index) }
    for index in order where wishes[index].isBig { while raise(index) {} }
    var goesOn = true
    while goesOn {
      goesOn = false
      for index in order where !wishes[index].isBig && raise(index) { goesOn = true }
    }
    return wishes.indices.map { places[$0] < 0 ? nil : ladders[$0][places[$0]].layers }
  }

  /// What a view may be given, cheapest first: each level costs more than the one before it and is worth more.
  private static func ladder(_ wish: Wish) -> [Level] {
    var all: [Level] = []
    for stream in wish.bitrates.indices where stream <= wish.highest && wish.bitrates[stream] > 0 {
      for temporal in temporalShares.indices {
        all.append(
          Level(
            layers: LayerSelector.Layers(stream: stream, temporal: UInt8(temporal)),
            cost: clampingProduct(wish.bitrates[stream], temporalShares[temporal]) / 100,
            worth: worth(stream, temporal)))
      }
    }
    all.sort { ($0.cost, $1.worth) < ($1.cost, $0.worth) }
    var rising: [Level] = []
    for level in all where level.worth > rising.last?.worth ?? 0 { rising.append(level) }
    return rising
  }

  private static func worth(_ stream: Int, _ temporal: Int) -> Int {
    let frames = frameWorths[min(max(temporal, 0), frameWorths.count - 1)]
    return (sizeWorths.smallest + sizeWorths.more * min(max(stream, 0), Forwarder.maximumLayers)) * frames
  }

  private static func clampingProduct(_ left: Int, _ right: Int) -> Int {
    let (product, overflow) = left.multipliedReportingOverflow(by: right)
    return overflow ? .max : product
  }
}
