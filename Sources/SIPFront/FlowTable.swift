import Primitives
import SIP

/// All connections: found by number or by where they lead, bounded in all and per source.
struct FlowTable {
  private struct Route: Hashable {
    var transport: SIPTransport
    var remote: TransportAddress
    var serverName: String?

    init(_ transport: SIPTransport, _ remote: TransportAddress, _ serverName: String?) {
      self.transport = transport
      self.remote = remote
      self.serverName = serverName
    }

    /// The ways to a connection. None if it only answers to its number: whoever opens TLS or WebSocket to us has not proved
    /// to be the server at that address (RFC 5923, section 8). To a server that proved its name goes also what is for its
    /// address, as Contacts often say.
    static func all(to flow: Flow) -> Set<Route> {
      if flow.isAccepted, flow.transport != .tcp { return [] }
      return [
        Route(flow.transport, flow.remote, flow.serverName), Route(flow.transport, flow.remote, nil),
      ]
    }
  }

  private var flows: [UInt64: Flow] = [:]
  private var routes: [Route: UInt64] = [:]
  private var perSource: [IPAddress: Int] = [:]
  private var lastID: UInt64 = 0

  var count: Int { flows.count }
  var all: Dictionary<UInt64, Flow>.Values { flows.values }

  subscript(id: UInt64) -> Flow? {
    get { flows[id] }
    set {
      precondition(newValue == nil || flows[id] != nil, "A flow enters the table by insert.")
      if newValue == nil { remove(id) } else { flows[id] = newValue }
    }
  }

  /// The youngest connection to that address; over TCP whoever opened it, over TLS ours to the server of that name.
  func find(_ transport: SIPTransport, _ remote: TransportAddress, serverName: String? = nil) -> Flow? {
    routes[Route(transport, remote, serverName)].flatMap { flows[$0] }
  }

  func accepted(from source: IPAddress) -> Int { perSource[source] ?? 0 }

  mutating func makeID() -> UInt64 {
    lastID &+= 1
    return lastID
  }

  mutating func insert(_ flow: Flow) {
    flows[flow.id] = flow
    for route in Route.all(to: flow) { routes[route] = flow.id }
    if flow.isAccepted { perSource[flow.remote.ip, default: 0] += 1 }
  }

  mutating func remove(_ id: UInt64) {
    guard let flow = flows.removeValue(forKey: id) else { return }
    for route in Route.all(to: flow) where routes[route] == id { routes[route] = nil }
    if flow.isAccepted {
      let left = accepted(from: flow.remote.ip) - 1
      perSource[flow.remote.ip] = left > 0 ? left : nil
    }
  }
}
