import Primitives
import RTP

/// What a forwarder wants to send: plain RTP packets in one flat buffer, an entry each.
///
/// The owner protects and sends them and calls `removeAll()`. Memory is kept, so after warm-up nothing is allocated.
package struct ForwardQueue: Sendable {
  package struct Entry: Sendable {
    package var watcher: LegID
    package var offset: Int
    package var count: Int
    /// The number under which the watcher will report its arrival, if it does.
    package var transportSequence: UInt16?
    /// Padding that is out to learn what the way bears.
    package var isProbe = false
  }

  /// Octets left free behind each packet: an authentication tag and a key identifier fit there.
  package static let tail = 32
  /// The most octets of header and extension that we write.
  static let maximumHead = 64
  /// Octets of padding in a packet that only fills a number, and in one that is to weigh something.
  static let fillerPadding = 1
  static let probePadding = 255

  /// Which stream a packet goes out in.
  struct Stream {
    var watcher: LegID
    var plan: ViewPlan
    var transportSequence: UInt16
    /// Whose picture it is: stands as contributing source; 0 for nobody's.
    var contributor: UInt32 = 0
    /// The number in the retransmission stream; nil for a packet in its own stream.
    var retransmission: (plan: ViewPlan.Retransmission, sequence: UInt16)?
  }

  package private(set) var entries: [Entry] = []
  private var storage: [UInt8]
  private var used = 0

  package init(octets: Int = 1 << 18, packets: Int = 512) {
    storage = Array(repeating: 0, count: max(octets, 4_096))
    entries.reserveCapacity(packets)
  }

  package var isEmpty: Bool { entries.isEmpty }

  @_lifetime(borrow self)
  package func packet(_ entry: Entry) -> Span<UInt8> {
    storage.span.extracting(entry.offset..<entry.offset + entry.count)
  }

  package mutating func removeAll() {
    entries.removeAll(keepingCapacity: true)
    used = 0
  }

  /// Adds a source's packet with a watcher's numbers.
  mutating func append(
    _ packet: Span<UInt8>, _ read: VideoPacket, as numbers: StreamNumbers, to stream: Stream, at now: Instant
  ) {
    let payload = read.header.payloadRange
    guard payload.upperBound <= packet.count else { return }
    grow(by: Self.maximumHead + RTXPacket.overhead + payload.count + Self.tail)
    let start = used
    var count = 0
    do {
      var all = storage.mutableSpan
      var target = all._mutatingExtracting(start..<all.count)
      count = Self.writeHead(into: &target, marker: read.header.marker, numbers, stream, at: now)
      if stream.retransmission != nil {
        target[count] = UInt8(truncatingIfNeeded: numbers.sequence >> 8)
        target[count &+ 1] = UInt8(truncatingIfNeeded: numbers.sequence)
        count &+= RTXPacket.overhead
      }
      var body = target._mutatingExtracting(count..<count &+ payload.count)
      let source = packet.extracting(payload)
      let copied = min(body.count, source.count)
      for index in 0..<copied { body[index] = source[index] }
      if let vp8 = read.mark.vp8 {
        vp8.rewrite(
          &body, pictureID: UInt16(truncatingIfNeeded: numbers.picture), baseLayerIndex: numbers.baseLayerIndex)
      }
      count &+= payload.count
    }
    finish(count, stream)
  }

  /// Adds a packet of nothing but padding: it only fills the number of a packet that is not for this watcher.
  mutating func append(filler sequence: Int64, timestamp: Int64, to stream: Stream, at now: Instant) {
    append(padding: Self.fillerPadding, sequence: sequence, timestamp: timestamp, to: stream, at: now)
  }

  /// Adds a packet of padding of a stream of repeated packets: it repeats nothing.
  mutating func append(probe timestamp: Int64, to stream: Stream, at now: Instant) {
    append(padding: Self.probePadding, sequence: 0, timestamp: timestamp, to: stream, at: now)
    entries[entries.count - 1].isProbe = true
  }

  private mutating func append(
    padding: Int, sequence: Int64, timestamp: Int64, to stream: Stream, at now: Instant
  ) {
    grow(by: Self.maximumHead + padding + Self.tail)
    let start = used
    var count = 0
    do {
      var all = storage.mutableSpan
      var target = all._mutatingExtracting(start..<all.count)
      let numbers = StreamNumbers(sequence: sequence, timestamp: timestamp, picture: 0, baseLayerIndex: 0)
      count = Self.writeHead(into: &target, marker: false, numbers, stream, at: now)
      target[0] |= 0x20
      for index in count..<count &+ padding { target[index] = 0 }
      count &+= padding
      target[count &- 1] = UInt8(truncatingIfNeeded: padding)
    }
    finish(count, stream)
  }

  private static func writeHead(
    into packet: inout MutableSpan<UInt8>, marker: Bool, _ numbers: StreamNumbers, _ stream: Stream, at now: Instant
  ) -> Int {
    let plan = stream.plan
    _ = RTPHeader.write(
      into: &packet, payloadType: stream.retransmission?.plan.payloadType ?? plan.payloadType, marker: marker,
      sequence: stream.retransmission?.sequence ?? UInt16(truncatingIfNeeded: numbers.sequence),
      timestamp: UInt32(truncatingIfNeeded: numbers.timestamp), ssrc: stream.retransmission?.plan.ssrc ?? plan.ssrc)
    let head = RTPHeader.add(contributor: stream.contributor, to: &packet)
    let ids = plan.extensions
    let isWide = max(ids.mid, ids.absoluteSendTime, ids.transportSequence) > 14
    var writer = HeaderExtensionWriter(isWide ? .twoByte : .oneByte, at: head)
    if ids.absoluteSendTime != 0 {
      writer.add(ids.absoluteSendTime, UInt64(RTPHeader.absoluteSendTime(at: now)), octets: 3, to: &packet)
    }
    if ids.transportSequence != 0 {
      writer.add(ids.transportSequence, UInt64(stream.transportSequence), octets: 2, to: &packet)
    }
    if ids.mid != 0, let mid = plan.mid { writer.add(ids.mid, mid, to: &packet) }
    return writer.finish(&packet)
  }

  private mutating func finish(_ count: Int, _ stream: Stream) {
    entries.append(
      Entry(
        watcher: stream.watcher, offset: used, count: count,
        transportSequence: stream.plan.extensions.transportSequence != 0 ? stream.transportSequence : nil))
    used += count + Self.tail
  }

  private mutating func grow(by count: Int) {
    guard used + count > storage.count else { return }
    storage.append(contentsOf: repeatElement(0, count: max(storage.count, count)))
  }
}
