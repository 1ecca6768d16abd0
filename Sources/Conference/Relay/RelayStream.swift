/// How a listener's stream follows the talker's whose packets are passed on: same steps of sequence number and timestamp, from
/// other beginnings.
struct RelayStream: Sendable {
  private enum State: Sendable {
    case idle
    /// `next` is expected, numbers below `floor` belong to something else.
    case following(ssrc: UInt32, next: Int64, floor: Int64)
  }

  /// Where a packet stands in the listener's stream.
  enum Place: Hashable, Sendable {
    /// The stream begins anew with it.
    case first
    /// So many packets before it are missing.
    case next(missing: Int)
    /// It was overtaken by so many.
    case late(behind: Int)
    case nowhere
  }

  /// A step of sequence numbers larger than this begins anew.
  static let maximumStep: Int64 = 100

  private var state = State.idle
  /// From the talker's timestamps to the listener's.
  private(set) var offset: UInt32 = 0
  /// What waits to become a packet of the listener's length, and the timestamp where it begins.
  private(set) var pending: [UInt8] = []
  private(set) var pendingStart: UInt32 = 0
  private(set) var pendingTicks = 0

  var isFollowing: Bool {
    switch state {
    case .idle: false
    case .following: true
    }
  }

  mutating func start() {
    state = .idle
    pendingTicks = 0
    if pending.capacity < 2 * RelayQueue.maximumPayload { pending.reserveCapacity(2 * RelayQueue.maximumPayload) }
    pending.removeAll(keepingCapacity: true)
  }

  mutating func place(_ packet: RelayQueue.Packet) -> Place {
    guard case .following(let ssrc, let next, let floor) = state, ssrc == packet.ssrc,
      abs(packet.sequence &- next) <= Self.maximumStep
    else {
      if packet.content == .event { return .nowhere }
      state = .following(ssrc: packet.ssrc, next: packet.sequence &+ 1, floor: packet.sequence)
      return .first
    }
    let step = packet.sequence &- next
    if packet.content == .event {
      guard step >= 0 else { return .nowhere }
      state = .following(ssrc: ssrc, next: packet.sequence &+ 1, floor: packet.sequence &+ 1)
      return .next(missing: Int(step))
    }
    if step < 0 { return packet.sequence >= floor ? .late(behind: Int(-step)) : .nowhere }
    state = .following(ssrc: ssrc, next: packet.sequence &+ 1, floor: floor)
    return .next(missing: Int(step))
  }

  /// The talker's timestamp becomes this one of the listener.
  mutating func anchor(_ timestamp: UInt32, at own: UInt32) { offset = own &- timestamp }

  /// Keeps octets for a later packet.
  mutating func keep(_ payload: Span<UInt8>, from start: UInt32, ticks: Int) {
    if pendingTicks == 0 { pendingStart = start }
    pendingTicks += ticks
    for index in 0..<payload.count { pending.append(payload[index]) }
  }

  /// The first octets have been sent.
  mutating func drop(octets: Int, ticks: Int) {
    let rest = max(pending.count - octets, 0)
    for index in 0..<rest { pending[index] = pending[index + octets] }
    pending.removeLast(pending.count - rest)
    pendingTicks = max(pendingTicks - ticks, 0)
    pendingStart &+= UInt32(truncatingIfNeeded: ticks)
  }
}
