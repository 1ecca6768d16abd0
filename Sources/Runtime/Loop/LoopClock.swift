import Primitives

/// The beat of a loop: absolute deadlines one quantum apart, so that lateness never adds up.
struct LoopClock: Sendable {
  /// A stall longer than this starts the beat anew: what was missed is dropped, never caught up with a burst.
  static let longestStall: Int64 = 100_000_000

  let quantum: Int64
  /// Quanta in a period of 20 ms.
  let slots: Int
  private(set) var deadline: Instant
  /// Counts quanta; a room is due when its slot is `index % slots`.
  private(set) var index = 0

  /// `quantum` is cut to 1–20 ms and to a divisor of 20 ms.
  init(quantum: Duration, start: Instant) {
    let wanted = max(1, min(20, quantum.nanoseconds / 1_000_000))
    slots = Int(20 / wanted)
    self.quantum = 20_000_000 / Int64(slots)
    deadline = start.advanced(byNanoseconds: self.quantum)
  }

  /// The slot whose rooms are due in this quantum.
  var slot: Int { index % slots }

  /// What woke at `now` is so many nanoseconds late.
  func lateness(at now: Instant) -> Int64 { max(0, now.nanoseconds(since: deadline)) }

  /// Goes on to the next quantum. Returns the quanta that a stall cost, nil without a stall.
  mutating func advance(at now: Instant) -> Int64? {
    index &+= 1
    let late = now.nanoseconds(since: deadline)
    guard late > LoopClock.longestStall else {
      deadline = deadline.advanced(byNanoseconds: quantum)
      return nil
    }
    deadline = now.advanced(byNanoseconds: quantum)
    return late / quantum
  }
}
