import Primitives

/// Bits a second over about the last second, in steps of 100 ms.
package struct RateMeter: Sendable {
  private static let step: Int64 = 100_000_000
  private static let steps = 10

  private var octets = [Int](repeating: 0, count: steps)
  private var newest: Int64 = .min
  private var first: Int64 = 0

  package init() {}

  package mutating func count(_ more: Int, at now: Instant) {
    advance(to: now)
    octets[place(newest)] &+= more
  }

  /// Bits a second.
  package mutating func bitrate(at now: Instant) -> Int {
    advance(to: now)
    var sum = 0
    for index in 0..<Self.steps { sum &+= octets[index] }
    // A young stream has no whole second yet.
    let span = max(1, min(Int64(Self.steps), newest &- first &+ 1))
    return sum &* 8 &* Self.steps / Int(span)
  }

  private mutating func advance(to now: Instant) {
    let step = now.nanoseconds / Self.step
    guard step != newest else { return }
    if newest == .min || step &- newest >= Int64(Self.steps) || step < newest {
      for index in 0..<Self.steps { octets[index] = 0 }
      if newest == .min { first = step }
    } else {
      for passed in newest &+ 1...step { octets[place(passed)] = 0 }
    }
    newest = step
  }

  private func place(_ step: Int64) -> Int { Int(step.magnitude % UInt64(Self.steps)) }
}
