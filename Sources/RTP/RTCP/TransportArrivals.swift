import Primitives

/// What a receiver notes for transport-wide feedback: when each packet came, until the next message tells it.
///
/// A ring by sequence number; memory is taken once.
package struct TransportArrivals: Sendable {
  /// Packets remembered between two messages; a power of two. What is older when the message is made is not told.
  package static let capacity = 2_048
  /// Nanoseconds between messages: 100 ms, as browsers ask of each other.
  package static let interval: Int64 = 100_000_000

  private let sender: UInt32
  private var sequence = Extended<UInt16>()
  /// Arrival in microseconds, or -1.
  private var arrivals: [Int64]
  private var next: Int64?
  private var number: UInt8 = 0
  private var lastMedia: UInt32 = 0
  private var due: Instant?

  package init(sender: UInt32) {
    self.sender = sender
    arrivals = Array(repeating: -1, count: Self.capacity)
  }

  /// When a message should go; nil while there is nothing to tell.
  package var deadline: Instant? { due }

  package mutating func receive(_ wire: UInt16, media: UInt32, at now: Instant) {
    let last = sequence.last
    let value = sequence.peek(wire)
    if let last, value &- last > Int64(Self.capacity) || last &- value >= Int64(Self.capacity) {
      // A jump no ring bridges: the peer has begun anew.
      for index in 0..<Self.capacity { arrivals[index] = -1 }
      sequence = Extended()
      next = nil
    }
    let extended = sequence.extend(wire)
    if let last, last < extended, next != nil {
      for missing in last &+ 1..<extended &+ 1 { arrivals[place(missing)] = -1 }
    }
    // Told as lost and came late: the next message begins with it and repeats what it told behind it.
    if let told = next { next = min(told, extended) } else { next = extended }
    arrivals[place(extended)] = max(0, now.nanoseconds / 1_000)
    lastMedia = media
    if due == nil { due = now.advanced(byNanoseconds: Self.interval) }
  }

  /// The message that is due, or nil before the deadline.
  package mutating func feedback(at now: Instant) -> TransportFeedback? {
    guard let due, due <= now, let highest = sequence.last, var first = next else { return nil }
    self.due = nil
    first = max(first, highest &- Int64(Self.capacity) &+ 1)
    // What was lost in front of the first that came is told too.
    var came = first
    while came <= highest, arrivals[place(came)] < 0 { came &+= 1 }
    guard came <= highest else { return nil }
    let reference = arrivals[place(came)] / TransportFeedback.referenceTick
    var time = reference &* TransportFeedback.referenceTick / TransportFeedback.tick
    var deltas: [Int16?] = []
    var end = first
    while end <= highest {
      let arrival = arrivals[place(end)]
      if arrival < 0 {
        deltas.append(nil)
      } else {
        let ticks = arrival / TransportFeedback.tick
        // More than 8 s apart: the rest is told by another message.
        guard let delta = Int16(exactly: ticks &- time) else { break }
        deltas.append(delta)
        time = ticks
      }
      end &+= 1
    }
    next = end
    if end <= highest { self.due = now }
    defer { number &+= 1 }
    return TransportFeedback(
      sender: sender, media: lastMedia, baseSequence: UInt16(truncatingIfNeeded: first),
      referenceTime: (Int32(truncatingIfNeeded: reference) << 8) >> 8, number: number, deltas: deltas)
  }

  private func place(_ value: Int64) -> Int { Int(truncatingIfNeeded: value) & (Self.capacity &- 1) }
}
