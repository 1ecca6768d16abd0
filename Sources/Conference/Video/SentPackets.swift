import Primitives

/// Which packet of which source stands behind each number of a watcher's stream, to send it once more the same.
struct SentPackets: Sendable {
  /// Packets; a power of two: about a second of 3 Mbit/s.
  static let capacity = 512
  /// Nanoseconds in which a packet is sent once more only once.
  static let interval: Int64 = 30_000_000

  struct Entry: Sendable {
    var numbers = StreamNumbers(sequence: .min, timestamp: 0, picture: 0, baseLayerIndex: 0)
    /// The source's slot and which source of that slot it was.
    var source = 0
    var generation = 0
    /// The source's own number.
    var incoming: Int64 = 0
    fileprivate var repeated = Instant(nanoseconds: .min)
  }

  private var entries: [Entry]

  init() { entries = Array(repeating: Entry(), count: Self.capacity) }

  mutating func note(_ numbers: StreamNumbers, source: Int, generation: Int, incoming: Int64) {
    entries[place(numbers.sequence)] = Entry(
      numbers: numbers, source: source, generation: generation, incoming: incoming)
  }

  /// The packet of this number if it may be sent once more now.
  mutating func take(_ sequence: Int64, at now: Instant) -> Entry? {
    let index = place(sequence)
    guard entries[index].numbers.sequence == sequence,
      now.nanoseconds(since: entries[index].repeated) >= Self.interval
    else { return nil }
    entries[index].repeated = now
    return entries[index]
  }

  private func place(_ sequence: Int64) -> Int { Int(truncatingIfNeeded: sequence) & (Self.capacity &- 1) }
}
