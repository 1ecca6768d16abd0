import Application
import NIOCore
import Primitives
import SIP

/// Our own requests: where they go to, and what becomes of them until a transaction has them.
extension TransactionDriver {
  /// A request of the user.
  enum Outgoing {
    case transaction(SIPRequest, ClientTransactionID)
    /// The ACK of a 2xx: nobody is told if it cannot go; the 2xx comes again then.
    case acknowledgement(SIPRequest)

    var request: SIPRequest {
      switch self {
      case .transaction(let request, _), .acknowledgement(let request): request
      }
    }
  }

  func send(_ outgoing: Outgoing, destination: SIPDestination?) {
    if let destination {
      return dispatch(
        outgoing, transport: destination.transport, to: destination.address, flow: destination.flow?.rawValue)
    }
    do throws(NextHop.Failure) {
      let hop = try NextHop(outgoing.request)
      switch hop.host {
      case .address(let ip): dispatch(outgoing, transport: hop.transport, to: TransportAddress(ip, port: hop.port))
      case .name(let name): resolve(name, hop, outgoing)
      }
    } catch {
      reject(outgoing, reason: error.reason)
    }
  }

  func cancel(_ id: ClientTransactionID) {
    if lookups[id] != nil { lookups[id] = true }
    layer.cancel(id, at: now)
    drain()
  }

  func respond(_ response: SIPResponse, in transaction: ServerTransactionID) {
    layer.respond(response, in: transaction, at: now)
    drain()
  }

  private func resolve(_ name: String, _ hop: NextHop, _ outgoing: Outgoing) {
    let hasV4 = sockets.contains { !$0.address.ip.isV6 }
    if let ip = resolver.known(name, preferV6: !hasV4, at: now) {
      return dispatch(outgoing, hop, name: name, ip: ip)
    }
    guard lookupsUnderWay < configuration.lookups else { return reject(outgoing, reason: "too many look-ups") }
    lookupsUnderWay += 1
    if case .transaction(_, let id) = outgoing { lookups[id] = false }
    resolver.lookUp(name, on: loop).assumeIsolated().whenComplete { [self] result in
      lookupsUnderWay -= 1
      if case .transaction(_, let id) = outgoing, lookups.removeValue(forKey: id) == true {
        return reject(outgoing, reason: "cancelled before it was sent")
      }
      guard case .success(let found) = result, let ip = found else {
        return reject(outgoing, reason: "the name \(name) does not resolve")
      }
      resolver.remember(name, ip, at: now)
      dispatch(outgoing, hop, name: name, ip: ip)
    }
  }

  private func dispatch(_ outgoing: Outgoing, _ hop: NextHop, name: String, ip: IPAddress) {
    dispatch(
      outgoing, transport: hop.transport, to: TransportAddress(ip, port: hop.port),
      serverName: hop.transport == .tls ? name.lowercased() : nil)
  }

  private func dispatch(
    _ outgoing: Outgoing, transport: SIPTransport, to remote: TransportAddress, flow: UInt64? = nil,
    serverName: String? = nil
  ) {
    let open = flow.flatMap { flows[$0] }
    guard let local = addresses.address(toward: remote.ip, transport: transport) ?? open?.local else {
      return reject(outgoing, reason: "no listener for \(transport.rawValue) of that address family")
    }
    var peer = TransactionPeer(transport: transport, remote: remote, local: local, flow: open?.id)
    peer.serverName = serverName
    switch outgoing {
    case .transaction(let request, let id): layer.send(request, id: id, to: peer, at: now)
    case .acknowledgement(let request): layer.acknowledge(request, to: peer)
    }
    drain()
  }

  private func reject(_ outgoing: Outgoing, reason: String) {
    switch outgoing {
    case .transaction(_, let id): events.append(.failed(id, .unreachable(reason: reason)))
    case .acknowledgement: counters.unsent &+= 1
    }
  }
}
