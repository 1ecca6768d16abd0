import Codecs
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
    /// It begins where the mix ends: its length is not that of others.
    var isRest = false

    /// Of the RTP clock, from its beginning; negative for what comes before it.
    func ticks(until other: UInt32) -> Int { Int(Int32(bitPattern: other &- timestamp)) }
  }

  private enum State: Hashable, Sendable {
    case closed
    /// Packets are kept until they have been played, should they be passed on then.
    case holding(payloadType: UInt8)
    case open(payloadType: UInt8)
  }

  /// Packets that may wait: the loop sends after each datagram, so that more than one is rare.
  static let capacity = 32
  static let maximumPayload = 1_920
  /// Packets that may go in a tick, 2 being usual: a burst after a stall passes, a flood does not become the other's.
  static let allowance = 32
  /// Octets that may wait.
  static let maximumOctets = 24_000

  private var state = State.closed
  /// A packet came that cannot be passed on: what is heard from now on has to be mixed.
  private(set) var isForeign = false
  private(set) var packets: [Packet] = []
  private(set) var octets: [UInt8] = []
  private var used = 0
  /// Packets taken in this tick.
  private var taken = 0

  /// The payload type that is passed on, or may soon be; nil while nothing is.
  var payloadType: UInt8? {
    switch state {
    case .closed: nil
    case .holding(let type), .open(let type): type
    }
  }

  /// Packets are passed on.
  var isOpen: Bool {
    switch state {
    case .closed, .holding: false
    case .open: true
    }
  }

  /// Packets are passed on, or kept.
  var isTaking: Bool { state != .closed }
  var isEmpty: Bool { packets.isEmpty }

  mutating func hold(payloadType: UInt8) {
    guard state != .holding(payloadType: payloadType) else { return }
    enter(.holding(payloadType: payloadType))
    removeAll()
  }

  /// - Parameter head: of what was kept, that from this timestamp on is passed on; nil for nothing.
  mutating func open(payloadType: UInt8, from head: UInt32?, as format: CodecFormat) {
    let isHeld = state == .holding(payloadType: payloadType)
    enter(.open(payloadType: payloadType))
    guard isHeld, let head, let first = place(of: head, as: format) else { return removeAll() }
    removeFirst(first)
    if format.isDivisible { cut(at: head) }
  }

  private mutating func enter(_ state: State) {
    if octets.isEmpty {
      octets = [UInt8](repeating: 0, count: Self.maximumOctets)
      packets.reserveCapacity(Self.capacity)
    }
    self.state = state
    isForeign = false
  }

  mutating func close() {
    state = .closed
    removeAll()
  }

  /// Forgets what was kept and has been played: all before this timestamp, or all there is.
  mutating func forget(before head: UInt32?) {
    guard let head else { return removeAll() }
    var played = 0
    while played < packets.count, packets[played].ticks <= packets[played].ticks(until: head) { played += 1 }
    removeFirst(played)
  }

  /// The packet, of those kept, that goes on at this timestamp: that which holds it, or, where packets cannot be cut, begins within
  /// 10 ms of it. Nil if it is missing.
  func place(of head: UInt32, as format: CodecFormat) -> Int? {
    packets.firstIndex {
      guard $0.content == .audio else { return false }
      let ticks = $0.ticks(until: head)
      return format.isDivisible
        ? ticks >= 0 && ticks < $0.ticks : abs(ticks) <= min($0.ticks / 2, format.clockRate / 100)
    }
  }

  private mutating func removeFirst(_ number: Int) {
    guard number > 0, number <= packets.count else { return }
    let start = number < packets.count ? packets[number].offset : used
    packets.removeFirst(number)
    for index in packets.indices { packets[index].offset -= start }
    used -= start
    for index in 0..<used { octets[index] = octets[index + start] }
  }

  /// Takes from the first packet what lies before this timestamp, as far as whole octets go.
  private mutating func cut(at head: UInt32) {
    guard var packet = packets.first else { return }
    let ticks = packet.ticks(until: head)
    guard ticks > 0, ticks < packet.ticks else { return }
    var count = packet.count * ticks / packet.ticks
    while count > 0, count * packet.ticks % packet.count != 0 { count -= 1 }
    guard count > 0 else { return }
    let gone = count * packet.ticks / packet.count
    packet.offset += count
    packet.count -= count
    packet.ticks -= gone
    packet.timestamp &+= UInt32(truncatingIfNeeded: gone)
    packet.isRest = true
    packets[0] = packet
    joinFirst()
  }

  /// Makes one of a short rest and its successor, which lie behind each other.
  private mutating func joinFirst() {
    guard packets.count > 1 else { return }
    let (rest, next) = (packets[0], packets[1])
    guard next.content == .audio, next.sequence == rest.sequence &+ 1,
      next.timestamp == rest.timestamp &+ UInt32(truncatingIfNeeded: rest.ticks),
      next.offset == rest.offset + rest.count,
      rest.ticks * 2 < next.ticks, rest.count + next.count <= Self.maximumPayload
    else { return }
    packets[1].isRest = true
    packets[1].offset = rest.offset
    packets[1].count += rest.count
    packets[1].ticks += rest.ticks
    packets[1].timestamp = rest.timestamp
    packets.removeFirst()
  }

  mutating func removeAll() {
    packets.removeAll(keepingCapacity: true)
    used = 0
  }

  /// Notes a packet that came in another format.
  mutating func refuse() {
    isForeign = isOpen
    if !isOpen { removeAll() }
  }

  /// What finds no room is lost, as in any queue of a router.
  mutating func append(_ packet: Packet, payload: Span<UInt8>) {
    if !isOpen, let last = packets.last, last.ssrc != packet.ssrc { removeAll() }
    guard isTaking, taken < Self.allowance, packets.count < Self.capacity, payload.count <= Self.maximumPayload,
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
