import Primitives

/// A network in virtual time: datagrams are lost, delayed, overtaken and doubled as a seed decides, always the same way.
package struct VirtualNetwork: Sendable {
  /// What a way through the network does to a datagram. Times in milliseconds, shares 0 to 1.
  package struct Conditions: Hashable, Sendable {
    package var delay = 0.0
    /// On top of `delay`, evenly spread from 0 to this.
    package var jitter = 0.0
    package var loss = 0.0
    package var duplication = 0.0
    /// Share of datagrams that are held back by `detour`, so that later ones overtake them.
    package var reordering = 0.0
    package var detour = 30.0
    /// Without it a datagram never overtakes an earlier one of its way, as on most real ways.
    package var mayOvertake = false

    package init(
      delay: Double = 0, jitter: Double = 0, loss: Double = 0, duplication: Double = 0, reordering: Double = 0,
      detour: Double = 30, mayOvertake: Bool = false
    ) {
      self.delay = delay
      self.jitter = jitter
      self.loss = loss
      self.duplication = duplication
      self.reordering = reordering
      self.detour = detour
      self.mayOvertake = mayOvertake
    }

    package static let perfect = Conditions()
  }

  package struct Datagram: Sendable {
    package var octets: [UInt8]
    package var source: TransportAddress
    package var destination: TransportAddress
    package var arrival: Instant
    fileprivate var order: Int
  }

  /// Conditions of datagrams from an address; `usual` for all others.
  package var conditions: [TransportAddress: Conditions] = [:]
  package var usual = Conditions.perfect
  package private(set) var lost = 0
  package private(set) var sent = 0
  private var random: RandomSource
  private var underway: [Datagram] = []
  private var latest: [TransportAddress: Instant] = [:]
  private var isSorted = true

  package init(seed: UInt64) { random = .seeded(seed) }

  package mutating func send(
    _ octets: [UInt8], from source: TransportAddress, to destination: TransportAddress, at now: Instant
  ) {
    let way = conditions[source] ?? usual
    sent += 1
    if chance(way.loss) {
      lost += 1
      return
    }
    let copies = chance(way.duplication) ? 2 : 1
    for copy in 0..<copies {
      var milliseconds = way.delay + unit() * way.jitter
      let isDetour = chance(way.reordering)
      if isDetour { milliseconds += way.detour }
      var arrival = now.advanced(byNanoseconds: Int64(milliseconds * 1e6))
      if !way.mayOvertake, !isDetour, copy == 0 {
        arrival = max(arrival, latest[source] ?? arrival)
        latest[source] = arrival
      }
      underway.append(
        Datagram(octets: octets, source: source, destination: destination, arrival: arrival, order: sent * 2 + copy))
      isSorted = false
    }
  }

  /// The next datagram that has arrived by `now`, in the order of arrival.
  package mutating func next(by now: Instant) -> Datagram? {
    if !isSorted {
      // The soonest stands last, so that taking it is cheap.
      underway.sort { ($0.arrival, $0.order) > ($1.arrival, $1.order) }
      isSorted = true
    }
    guard let soonest = underway.last, soonest.arrival <= now else { return nil }
    return underway.removeLast()
  }

  private mutating func chance(_ share: Double) -> Bool { share > 0 && unit() < share }

  private mutating func unit() -> Double { Double(random.next() >> 11) / 9_007_199_254_740_992 }
}
