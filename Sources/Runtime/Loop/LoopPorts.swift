import Conference

/// The sockets that a loop listens to, and which leg of which room each belongs to.
///
/// A token of the readiness set is the index in the table, the generation of its entry and the channel, so that a socket that was
/// closed in the same quantum cannot be taken for its successor.
struct LoopPorts: ~Copyable {
  struct Entry {
    var sockets: LegSockets
    var room: HostedRoom
    var leg: LegID
    var slot: Int
  }

  private var entries: [Entry?] = []
  private var generations: [UInt32] = []
  private var free: [Int] = []
  private var readiness: Readiness
  private let registry: PortRegistry
  private(set) var count = 0

  init(registry: PortRegistry) throws(SystemError) {
    self.registry = registry
    readiness = try Readiness()
  }

  /// Looks which sockets can be read. Returns how many tokens there are.
  mutating func poll() -> Int { readiness.poll() }

  /// What token `index` of the last `poll` stands for; nil when it was closed since.
  func ready(_ index: Int) -> (entry: Entry, channel: MediaChannel)? {
    let token = readiness.token(index)
    let position = Int(truncatingIfNeeded: (token & 0xFFFF_FFFF) >> 1)
    guard position < entries.count, generations[position] == UInt32(truncatingIfNeeded: token >> 32),
      let entry = entries[position]
    else { return nil }
    return (entry, token & 1 == 0 ? .rtp : .rtcp)
  }

  /// The sockets at `index`; nil when closed.
  func sockets(_ index: Int) -> LegSockets? { index < entries.count ? entries[index]?.sockets : nil }

  /// Takes sockets into the table and listens to them. Returns the index.
  mutating func insert(_ entry: Entry) -> Int {
    let index: Int
    if let last = free.popLast() {
      index = last
    } else {
      index = entries.count
      entries.append(nil)
      generations.append(0)
    }
    generations[index] &+= 1
    let token = UInt64(generations[index]) << 32 | UInt64(index) << 1
    _ = readiness.add(entry.sockets.rtp, token: token)
    _ = readiness.add(entry.sockets.rtcp, token: token | 1)
    entries[index] = entry
    count += 1
    return index
  }

  /// The leg at `index` has moved to another room of the loop.
  mutating func move(_ index: Int, to room: HostedRoom, slot: Int) {
    entries[index]?.room = room
    entries[index]?.slot = slot
  }

  /// Stops listening. The sockets stay open as long as the caller holds them.
  mutating func remove(_ index: Int) -> LegSockets? {
    guard index < entries.count, let entry = entries[index] else { return nil }
    readiness.remove(entry.sockets.rtp)
    readiness.remove(entry.sockets.rtcp)
    entries[index] = nil
    free.append(index)
    count -= 1
    return entry.sockets
  }

  /// Closes the sockets and frees their ports.
  mutating func close(_ index: Int) {
    guard let port = remove(index)?.port else { return }
    registry.giveBack(port)
  }
}
