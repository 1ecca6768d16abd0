import Conference

/// The sockets that a loop listens to, and which leg of which room each belongs to.
///
/// A token of the readiness set is the index in the table, the generation of its entry and the channel, so that a socket that was
/// closed in the same quantum cannot be taken for its successor.
struct LoopPorts: ~Copyable {
  struct Entry {
    var port: LegPort
    var room: HostedRoom
    var leg: LegID
    var slot: Int
  }

  /// What can be read.
  enum Source {
    case leg(Entry, LegSockets, MediaChannel)
    case shared(SharedPort)
    /// A connection waits there.
    case listener(SharedPort)
    /// The connection with this number.
    case stream(UInt32)
  }

  /// A token with this bit stands for a shared port, with the next one too for its listener, with that one alone for a
  /// connection.
  private static let commonBit: UInt64 = 1 << 63
  private static let streamBit: UInt64 = 1 << 62

  private let sharedPorts: [SharedPort]
  private var entries: [Entry?] = []
  private var generations: [UInt32] = []
  private var free: [Int] = []
  private var readiness: Readiness
  private let registry: PortRegistry
  private(set) var count = 0
  var streams = BrowserStreams()

  init(registry: PortRegistry, sharedPorts: [SharedPort]) throws(SystemError) {
    self.registry = registry
    self.sharedPorts = sharedPorts
    readiness = try Readiness()
    for (index, port) in sharedPorts.enumerated() {
      _ = readiness.add(port.socket, token: LoopPorts.commonBit | UInt64(index))
      _ = readiness.add(port.listener, token: LoopPorts.commonBit | LoopPorts.streamBit | UInt64(index))
    }
  }

  /// Looks which sockets can be read. Returns how many tokens there are.
  mutating func poll() -> Int { readiness.poll() }

  /// What token `index` of the last `poll` stands for; nil when it was closed since.
  func ready(_ index: Int) -> Source? {
    let token = readiness.token(index)
    if token & LoopPorts.commonBit != 0 {
      let position = Int(token & ~(LoopPorts.commonBit | LoopPorts.streamBit))
      guard position < sharedPorts.count else { return nil }
      return token & LoopPorts.streamBit == 0 ? .shared(sharedPorts[position]) : .listener(sharedPorts[position])
    }
    if token & LoopPorts.streamBit != 0 { return .stream(UInt32(truncatingIfNeeded: token)) }
    let position = Int(truncatingIfNeeded: (token & 0xFFFF_FFFF) >> 1)
    guard position < entries.count, generations[position] == UInt32(truncatingIfNeeded: token >> 32),
      let entry = entries[position], case .own(let sockets) = entry.port
    else { return nil }
    return .leg(entry, sockets, token & 1 == 0 ? .rtp : .rtcp)
  }

  /// The port at `index`; nil when closed.
  func port(_ index: Int) -> LegPort? { index < entries.count ? entries[index]?.port : nil }

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
    // Below the bits of shared ports and connections.
    generations[index] = (generations[index] &+ 1) & 0x3FFF_FFFF
    let token = UInt64(generations[index]) << 32 | UInt64(index) << 1
    switch entry.port {
    case .own(let sockets):
      _ = readiness.add(sockets.rtp, token: token)
      _ = readiness.add(sockets.rtcp, token: token | 1)
    case .shared: break
    }
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
  mutating func remove(_ index: Int) -> LegPort? {
    guard index < entries.count, let entry = entries[index] else { return nil }
    switch entry.port {
    case .own(let sockets):
      readiness.remove(sockets.rtp)
      readiness.remove(sockets.rtcp)
    case .shared: break
    }
    entries[index] = nil
    free.append(index)
    count -= 1
    return entry.port
  }

  /// Takes a browser's connection and listens to it. False if there is no room; `evicted` had to make some.
  mutating func insert(_ stream: BrowserStream, evicted: inout UInt32?) -> Bool {
    guard let place = streams.insert(stream) else { return false }
    evicted = place.evicted
    return readiness.add(stream.socket, token: LoopPorts.streamBit | UInt64(place.number))
  }

  /// Stops listening to a connection and forgets it.
  mutating func removeStream(_ number: UInt32) -> BrowserStream? {
    guard let stream = streams.remove(number) else { return nil }
    readiness.remove(stream.socket)
    return stream
  }

  /// Closes the sockets and frees their ports.
  mutating func close(_ index: Int) {
    guard index < entries.count, let leg = entries[index]?.leg, let port = remove(index) else { return }
    registry.giveBack(port, of: leg)
  }
}
