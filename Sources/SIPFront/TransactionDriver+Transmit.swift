import NIOCore
import NIOPosix
import NIOSSL
import Primitives
import SIP

/// How bytes leave: by a UDP socket, by a connection that is there, or by one to be opened.
extension TransactionDriver {
  func transmit(_ bytes: [UInt8], to peer: TransactionPeer, owner: TransactionOwner) {
    switch peer.transport {
    case .udp: transmitDatagram(bytes, to: peer, owner: owner)
    case .tcp, .tls: transmitStream(bytes, to: peer, owner: owner)
    case .ws, .wss:
      // Only the connection that the client opened can carry these (RFC 7118, section 5).
      if let id = peer.flow, let flow = flows[id] {
        write(bytes, on: flow, owner: owner)
      } else {
        fail(owner, reason: "no connection for \(peer.transport.rawValue)")
      }
    }
  }

  /// Tells the owner of a message that it did not go.
  func fail(_ owner: TransactionOwner, reason: String) {
    counters.unsent &+= 1
    layer.transportFailed(owner, reason: reason, at: now)
    drain()
  }

  private func transmitDatagram(_ bytes: [UInt8], to peer: TransactionPeer, owner: TransactionOwner) {
    guard let socket = socket(for: peer) else { return fail(owner, reason: "no UDP listener of that address family") }
    guard let remote = try? SocketAddress(peer.remote) else { return fail(owner, reason: "no such address") }
    counters.messagesOut &+= 1
    let envelope = AddressedEnvelope(remoteAddress: remote, data: ByteBuffer(bytes: bytes))
    watch(socket.channel.writeAndFlush(envelope), owner: owner)
  }

  /// The socket that the request reached, else one of the same family.
  private func socket(for peer: TransactionPeer) -> SIPListener? {
    let fitting = sockets.filter { $0.transport == .udp && $0.address.ip.isV6 == peer.remote.ip.isV6 }
    return fitting.first { $0.address == peer.local }
      ?? fitting.first { $0.address.port == peer.local.port && $0.address.ip.isUnspecified }
      ?? fitting.first
  }

  /// RFC 3261, section 18.2.2: on the connection that the request came by; if that is gone, on a new one.
  private func transmitStream(_ bytes: [UInt8], to peer: TransactionPeer, owner: TransactionOwner) {
    if let id = peer.flow, let flow = flows[id] { return write(bytes, on: flow, owner: owner) }
    if let flow = flows.find(peer.transport, peer.remote, serverName: peer.serverName) {
      return write(bytes, on: flow, owner: owner)
    }
    connect(to: peer, first: Flow.Waiting(bytes: bytes, owner: owner))
  }

  private func write(_ bytes: [UInt8], on flow: Flow, owner: TransactionOwner) {
    var flow = flow
    switch flow.state {
    case .connecting(var waiting):
      guard waiting.count < Flow.waitingLimit else { return fail(owner, reason: "the connection is too slow") }
      waiting.append(Flow.Waiting(bytes: bytes, owner: owner))
      flow.state = .connecting(waiting: waiting)
      flows[flow.id] = flow
    case .open(let channel):
      flow.lastActivity = now
      flows[flow.id] = flow
      counters.messagesOut &+= 1
      watch(channel.writeAndFlush(ByteBuffer(bytes: bytes)), owner: owner)
    }
  }

  /// A write that fails later is told then.
  private func watch(_ written: EventLoopFuture<Void>, owner: TransactionOwner) {
    // A WebSocket connection lives on a loop of its own.
    written.hop(to: loop).assumeIsolated().whenFailure { [self] error in fail(owner, reason: String(describing: error))
    }
  }

  private func connect(to peer: TransactionPeer, first: Flow.Waiting) {
    guard flows.count < configuration.connections else {
      counters.connectionsRefused &+= 1
      return fail(first.owner, reason: "too many connections")
    }
    guard let remote = try? SocketAddress(peer.remote) else { return fail(first.owner, reason: "no such address") }
    let secure: NIOSSLClientHandler?
    do { secure = try makeClientHandler(toward: peer) } catch {
      return fail(first.owner, reason: "no TLS to '\(peer.serverName ?? "")': \(error)")
    }
    let id = flows.makeID()
    flows.insert(
      Flow(
        id: id, transport: peer.transport, remote: peer.remote, local: peer.local, isAccepted: false,
        serverName: peer.serverName, state: .connecting(waiting: [first]), lastActivity: now))
    let driver = NIOLoopBound(self, eventLoop: loop)
    let mark = configuration.waterMark
    let security = NIOLoopBound(secure, eventLoop: loop)
    ClientBootstrap(group: loop)
      .connectTimeout(.nanoseconds(configuration.connectDeadline.nanoseconds))
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      .channelOption(.writeBufferWaterMark, value: mark)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          if let secure = security.value { try channel.pipeline.syncOperations.addHandler(secure) }
          try channel.pipeline.syncOperations.addHandler(
            StreamHandler(driver: driver.value, transport: peer.transport, flow: id))
        }
      }
      .connect(to: remote)
      .assumeIsolated()
      .whenFailure { [self] error in failed(id, reason: String(describing: error)) }
  }

  /// Nil where the transport is not TLS.
  private func makeClientHandler(toward peer: TransactionPeer) throws -> NIOSSLClientHandler? {
    guard peer.transport == .tls else { return nil }
    guard let clientTLS else { throw SIPFrontError.unsupported(.tls) }
    // Without a name the server's address is looked for in its certificate.
    return try NIOSSLClientHandler(context: clientTLS, serverHostname: peer.serverName)
  }
}
