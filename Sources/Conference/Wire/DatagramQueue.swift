import Primitives
import RTP

/// What a room wants to send in one tick: one flat buffer of octets and an entry per datagram.
///
/// The owner of the sockets drains it and calls `removeAll()`. Memory is kept, so after warm-up nothing is allocated.
package struct DatagramQueue: Sendable {
  /// One datagram: where it goes and where its octets lie.
  package struct Entry: Sendable {
    package var leg: LegID
    /// The leg's slot in its room.
    package var slot: Int
    package var channel: MediaChannel
    package var destination: TransportAddress
    package var offset: Int
    package var count: Int
  }

  package private(set) var entries: [Entry] = []
  private var storage: [UInt8]
  private var used = 0

  package init(octets: Int = 1 << 18, datagrams: Int = 1_024) {
    storage = Array(repeating: 0, count: max(octets, 2_048))
    entries.reserveCapacity(datagrams)
  }

  package var count: Int { entries.count }
  package var isEmpty: Bool { entries.isEmpty }

  /// All octets; an entry's datagram is `offset..<offset + count` of them.
  package var octets: Span<UInt8> {
    @_lifetime(borrow self) get { storage.span }
  }

  /// The octets of one entry.
  @_lifetime(borrow self)
  package func datagram(_ entry: Entry) -> Span<UInt8> {
    storage.span.extracting(entry.offset..<entry.offset + entry.count)
  }

  package mutating func removeAll() {
    entries.removeAll(keepingCapacity: true)
    used = 0
  }

  /// Adds the next RTP packet of a stream, protected; returns the octets of the plain one, nil if it must not be sent.
  @discardableResult
  mutating func append(
    _ stream: inout SendStream, payloadType: UInt8, marker: Bool, payload: Span<UInt8>, timestamp: UInt32? = nil,
    behind: Int = 0,
    under security: LegSecurity, at now: Instant, leg: LegID, slot: Int, to destination: TransportAddress
  ) -> Int? {
    let count = stream.headerSize + payload.count
    let room = count + security.overhead
    grow(by: room)
    var protected: Int?
    do {
      let range = used..<used + room
      var span = storage.mutableSpan
      var datagram = span._mutatingExtracting(range)
      let start = stream.write(
        into: &datagram, payloadType: payloadType, marker: marker, payloadCount: payload.count, at: now,
        timestamp: timestamp, behind: behind)
      do {
        var target = datagram._mutatingExtracting(start..<count)
        Self.copy(payload, into: &target)
      }
      protected = security.protect(rtp: &datagram, count: count)
    }
    guard let protected else { return nil }
    finish(protected, leg: leg, slot: slot, channel: security.mediaChannel, to: destination)
    return count
  }

  /// Adds an RTP packet as it is, protected; false if it must not be sent.
  mutating func append(
    packet: Span<UInt8>, under security: LegSecurity, leg: LegID, slot: Int, to destination: TransportAddress
  ) -> Bool {
    let room = packet.count + security.overhead
    grow(by: room)
    var protected: Int?
    do {
      let range = used..<used + room
      var span = storage.mutableSpan
      var datagram = span._mutatingExtracting(range)
      Self.copy(packet, into: &datagram)
      protected = security.protect(rtp: &datagram, count: packet.count)
    }
    guard let protected else { return false }
    finish(protected, leg: leg, slot: slot, channel: security.mediaChannel, to: destination)
    return true
  }

  /// Adds a compound of RTCP, protected; nothing if it must not be sent.
  mutating func append(
    report: Span<UInt8>, under security: LegSecurity, leg: LegID, slot: Int, channel: MediaChannel,
    to destination: TransportAddress
  ) {
    let room = report.count + security.overhead
    grow(by: room)
    var protected: Int?
    do {
      let range = used..<used + room
      var span = storage.mutableSpan
      var datagram = span._mutatingExtracting(range)
      Self.copy(report, into: &datagram)
      protected = security.protect(rtcp: &datagram, count: report.count)
    }
    guard let protected else { return }
    finish(protected, leg: leg, slot: slot, channel: channel, to: destination)
  }

  /// Adds a finished datagram as it is.
  mutating func append(
    _ datagram: Span<UInt8>, leg: LegID, slot: Int, channel: MediaChannel, to destination: TransportAddress
  ) {
    grow(by: datagram.count)
    do {
      let range = used..<used + datagram.count
      var span = storage.mutableSpan
      var target = span._mutatingExtracting(range)
      Self.copy(datagram, into: &target)
    }
    finish(datagram.count, leg: leg, slot: slot, channel: channel, to: destination)
  }

  /// Over a range of numbers that both spans share this becomes a copy of whole vectors; over indices it does not.
  @inline(__always) private static func copy(_ octets: Span<UInt8>, into target: inout MutableSpan<UInt8>) {
    let count = min(octets.count, target.count)
    for index in 0..<count { target[index] = octets[index] }
  }

  private mutating func finish(
    _ count: Int, leg: LegID, slot: Int, channel: MediaChannel, to destination: TransportAddress
  ) {
    entries.append(
      Entry(leg: leg, slot: slot, channel: channel, destination: destination, offset: used, count: count))
    used += count
  }

  private mutating func grow(by count: Int) {
    guard used + count > storage.count else { return }
    storage.append(contentsOf: repeatElement(0, count: max(storage.count, count)))
  }
}
