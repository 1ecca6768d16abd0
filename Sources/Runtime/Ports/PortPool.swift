import Primitives

/// The port pairs of plain RTP that are free: an even port for RTP, the next one for RTCP (RFC 3550, section 11).
///
/// A pair is drawn at random from the half that has rested longest: an attacker cannot guess it (THREATS 1), and late
/// packets of an ended call find nobody.
struct PortPool: Sendable {
  /// Even ports; the ring's oldest stands at `head`.
  private var ring: [UInt16]
  private var head = 0
  private(set) var count: Int
  private var random: RandomSource

  init(_ range: ClosedRange<UInt16>, random: RandomSource) {
    var random = random
    let first = Int(range.lowerBound) + Int(range.lowerBound) % 2
    var ports = stride(from: first, to: Int(range.upperBound), by: 2).map { UInt16($0) }
    ports.removeAll { $0 == 0 }
    ports.shuffle(using: &random)
    ring = ports
    count = ports.count
    self.random = random
  }

  /// How many pairs the range holds.
  var capacity: Int { ring.count }

  /// Takes the even port of a free pair; nil when none is left.
  mutating func take() -> UInt16? {
    guard count > 0 else { return nil }
    let step = Int.random(in: 0..<max(1, count / 2), using: &random)
    ring.swapAt(head, (head + step) % ring.count)
    let port = ring[head]
    head = (head + 1) % ring.count
    count -= 1
    return port
  }

  /// Gives a pair back that `take` returned.
  mutating func giveBack(_ port: UInt16) {
    precondition(count < ring.count, "a pair is given back once")
    ring[(head + count) % ring.count] = port
    count += 1
  }
}
