import Primitives
import SIP

/// All connections: found by number or by where they lead, bounded in all and per source.
struct FlowTable {
  private struct Route: Hashable {
    var transport: SIPTransport
    var remote: TransportAddress
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

  /// The youngest connection to that address, whoever opened it.
  func find(_ transport: SIPTransport, _ remote: TransportAddress) -> Flow? {
    routes[Route(transport: transport, remote: remote)].flatMap { flows[$0] }
  }

  func accepted(from source: IPAddress) -> Int { perSource[source] ?? 0 }

  mutating func makeID() -> UInt64 {
    lastID &+= 1
    return lastID
  }

  mutating func insert(_ flow: Flow) {
    flows[flow.id] = flow
    routes[Route(transport: flow.transport, remote: flow.remote)] = flow.id
    if flow.isAccepted { perSource[flow.remote.ip, default: 0] += 1 }
  }

  mutating func remove(_ id: UInt64) {
    guard let flow = flows.removeValue(forKey: id) else { return }
    let route = Route(transport: flow.transport, remote: flow.remote)
    if routes[route] == id { routes[route] = nil }
    if flow.isAccepted {
      let left = accepted(from: flow.remote.ip) - 1
      perSource[flow.remote.ip] = left > 0 ? left : nil
    }
  }
}
