import NIOCore
import NIOPosix
import Primitives
import SIP

/// How bytes leave: by a UDP socket, by a connection that is there, or by one to be opened.
extension TransactionDriver {
  func transmit(_ bytes: [UInt8], to peer: TransactionPeer, owner: TransactionOwner) {
    switch peer.transport {
    case .udp: transmitDatagram(bytes, to: peer, owner: owner)
    case .tcp: transmitStream(bytes, to: peer, owner: owner)
    case .tls, .ws, .wss:
      // Only an open connection can carry these; we open none.
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
    if let flow = flows.find(peer.transport, peer.remote) { return write(bytes, on: flow, owner: owner) }
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
    written.assumeIsolated().whenFailure { [self] error in fail(owner, reason: String(describing: error)) }
  }

  private func connect(to peer: TransactionPeer, first: Flow.Waiting) {
    guard flows.count < configuration.connections else {
      counters.connectionsRefused &+= 1
      return fail(first.owner, reason: "too many connections")
    }
    guard let remote = try? SocketAddress(peer.remote) else { return fail(first.owner, reason: "no such address") }
    let id = flows.makeID()
    flows.insert(
      Flow(
        id: id, transport: peer.transport, remote: peer.remote, local: peer.local, isAccepted: false,
        state: .connecting(waiting: [first]), lastActivity: now))
    let driver = NIOLoopBound(self, eventLoop: loop)
    let mark = waterMark
    ClientBootstrap(group: loop)
      .connectTimeout(.nanoseconds(configuration.connectDeadline.nanoseconds))
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      .channelOption(.writeBufferWaterMark, value: mark)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(StreamHandler(driver: driver.value, flow: id))
        }
      }
      .connect(to: remote)
      .assumeIsolated()
      .whenFailure { [self] error in failed(id, reason: String(describing: error)) }
  }

  /// What may wait in one connection; past it the connection is closed.
  var waterMark: ChannelOptions.Types.WriteBufferWaterMark {
    ChannelOptions.Types.WriteBufferWaterMark(low: configuration.unsentBytes / 2, high: configuration.unsentBytes)
  }
}
