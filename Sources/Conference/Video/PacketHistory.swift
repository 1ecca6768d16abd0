import Primitives

/// The last packets of one source, to send them once more: bounded in number, octets and age.
///
/// One ring of octets, in which packets stand one after the other; what is written over is gone. Memory is taken once.
package struct PacketHistory: Sendable {
  /// Packets; a power of two.
  package static let maximumPackets = 1_024
  /// Octets: more than half a second of 3 Mbit/s.
  package static let maximumOctets = 1 << 18
  /// Longer than this nobody waits for a packet: nanoseconds.
  package static let maximumAge: Int64 = 1_000_000_000

  private struct Entry: Sendable {
    var sequence: Int64 = .min
    /// Where it begins, counted in all octets ever written.
    var position: Int64 = 0
    var count = 0
    var at = Instant.zero
  }

  private var entries: [Entry]
  private var octets: [UInt8]
  private var written: Int64 = 0

  package init(octets: Int = maximumOctets) {
    entries = Array(repeating: Entry(), count: Self.maximumPackets)
    self.octets = Array(repeating: 0, count: max(octets, 4_096))
  }

  package mutating func store(_ packet: Span<UInt8>, sequence: Int64, at now: Instant) {
    let capacity = octets.count
    let count = packet.count
    guard count <= capacity / 2 else { return }
    var start = Int(written % Int64(capacity))
    if start &+ count > capacity {
      // A packet is never broken in two.
      written &+= Int64(capacity &- start)
      start = 0
    }
    entries[place(sequence)] = Entry(sequence: sequence, position: written, count: count, at: now)
    written &+= Int64(count)
    var span = octets.mutableSpan
    var target = span._mutatingExtracting(start..<start &+ count)
    let copied = min(count, target.count)
    for index in 0..<copied { target[index] = packet[index] }
  }

  /// Where the octets of a packet stand; nil if it did not come, or is too old.
  package func find(_ sequence: Int64, at now: Instant) -> Range<Int>? {
    let entry = entries[place(sequence)]
    guard entry.sequence == sequence, written &- entry.position <= Int64(octets.count),
      now.nanoseconds(since: entry.at) <= Self.maximumAge
    else { return nil }
    let start = Int(entry.position % Int64(octets.count))
    return start..<start &+ entry.count
  }

  /// The octets at a place that `find` gave.
  @_lifetime(borrow self)
  package func packet(_ range: Range<Int>) -> Span<UInt8> {
    octets.span.extracting(range.clamped(to: 0..<octets.count))
  }

  private func place(_ sequence: Int64) -> Int { Int(truncatingIfNeeded: sequence) & (Self.maximumPackets &- 1) }
}
