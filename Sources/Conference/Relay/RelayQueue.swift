import Primitives

/// Packets of one member on their way to the other: from their arrival to the moment when the room can send.
struct RelayQueue: Sendable {
  enum Content: Hashable, Sendable {
    case audio
    /// RFC 3389.
    case noise
    /// A telephone event: not passed on, and yet not lost.
    case event
  }

  struct Packet: Sendable {
    var content: Content
    var ssrc: UInt32
    /// Without wraps.
    var sequence: Int64
    var timestamp: UInt32
    var marker: Bool
    /// Of the RTP clock.
    var ticks: Int
    var arrival: Instant
    var offset: Int
    var count: Int
  }

  /// Packets that may wait: the loop sends after each datagram, so that more than one is rare.
  static let capacity = 32
  static let maximumPayload = 1_920
  /// Packets that may go in a tick, 2 being usual: a burst after a stall passes, a flood does not become the other's.
  static let allowance = 32
  /// Octets that may wait.
  static let maximumOctets = 24_000

  /// The payload type that is passed on; nil while nothing is.
  private(set) var payloadType: UInt8?
  /// A packet came that cannot be passed on: what is heard from now on has to be mixed.
  private(set) var isForeign = false
  private(set) var packets: [Packet] = []
  private(set) var octets: [UInt8] = []
  private var used = 0
  /// Packets taken in this tick.
  private var taken = 0

  var isOpen: Bool { payloadType != nil }
  var isEmpty: Bool { packets.isEmpty }

  mutating func open(payloadType: UInt8) {
    if octets.isEmpty {
      octets = [UInt8](repeating: 0, count: Self.maximumOctets)
      packets.reserveCapacity(Self.capacity)
    }
    self.payloadType = payloadType
    isForeign = false
    removeAll()
  }

  mutating func close() {
    payloadType = nil
    removeAll()
  }

  mutating func removeAll() {
    packets.removeAll(keepingCapacity: true)
    used = 0
  }

  /// Notes a packet that came in another format.
  mutating func refuse() { isForeign = isOpen }

  /// What finds no room is lost, as in any queue of a router.
  mutating func append(_ packet: Packet, payload: Span<UInt8>) {
    guard isOpen, taken < Self.allowance, packets.count < Self.capacity, payload.count <= Self.maximumPayload,
      used + payload.count <= octets.count
    else { return }
    var packet = packet
    packet.offset = used
    packet.count = payload.count
    Self.copy(payload, into: &octets, at: used)
    used += payload.count
    packets.append(packet)
    taken += 1
  }

  /// A tick begins.
  mutating func renew() { taken = 0 }

  /// Copies a packet's payload to the beginning of `target`.
  func copy(_ packet: Packet, into target: inout [UInt8]) {
    Self.copy(octets.span.extracting(packet.offset..<packet.offset + packet.count), into: &target, at: 0)
  }

  private static func copy(_ payload: Span<UInt8>, into store: inout [UInt8], at place: Int) {
    var span = store.mutableSpan
    let count = min(payload.count, span.count - place)
    for index in 0..<count { span[place &+ index] = payload[index] }
  }
}
