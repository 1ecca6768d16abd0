import Application
import NIOCore
import Primitives
import SIP

/// Connections: how they begin, what comes by them, and what ends them.
extension TransactionDriver {
  /// A connection was accepted; nil if a cap forbids it.
  func accept(_ channel: any Channel, transport: SIPTransport, origin: PageOrigin? = nil) -> UInt64? {
    guard let remote = channel.remoteAddress?.transportAddress, let local = channel.localAddress?.transportAddress,
      flows.count < configuration.connections, flows.accepted(from: remote.ip) < configuration.connectionsPerSource
    else {
      counters.connectionsRefused &+= 1
      return nil
    }
    counters.connectionsOpened &+= 1
    let id = flows.makeID()
    flows.insert(
      Flow(
        id: id, transport: transport, remote: remote, local: local, isAccepted: true, state: .open(channel),
        origin: origin,
        lastActivity: now, owedSince: now))
    return id
  }

  /// A connection of ours is there: what waited goes.
  func opened(_ id: UInt64, channel: any Channel) {
    guard var flow = flows[id], case .connecting(let waiting) = flow.state else { return channel.close(promise: nil) }
    counters.connectionsOpened &+= 1
    flow.state = .open(channel)
    flow.local = channel.localAddress?.transportAddress ?? flow.local
    flow.lastActivity = now
    flows[id] = flow
    let peer = TransactionPeer(transport: flow.transport, remote: flow.remote, local: flow.local, flow: id)
    for message in waiting { transmit(message.bytes, to: peer, owner: message.owner) }
  }

  /// A connection of ours did not come about.
  func failed(_ id: UInt64, reason: String) {
    guard let flow = flows[id] else { return }
    flows.remove(id)
    if case .connecting(let waiting) = flow.state {
      for message in waiting { fail(message.owner, reason: reason) }
    }
  }

  /// The other end lives, without having said anything in SIP.
  func touched(_ id: UInt64) { flows[id]?.lastActivity = now }

  func closed(_ id: UInt64) { failed(id, reason: "the connection was closed") }

  /// Ends a connection that broke a deadline or reads too slowly.
  func expire(_ id: UInt64) {
    guard let flow = flows[id] else { return }
    counters.connectionsExpired &+= 1
    flows.remove(id)
    if case .open(let channel) = flow.state { channel.close(promise: nil) }
  }

  /// Octets came: messages and keep-alives (RFC 5626, section 4.4.1) in any number.
  func receive(octets: [UInt8], on id: UInt64) {
    guard var flow = flows[id] else { return }
    let peer = TransactionPeer(transport: flow.transport, remote: flow.remote, local: flow.local, flow: id)
    flow.lastActivity = now
    flow.framer.append(octets)
    var isBroken = false
    do throws(SIPParseError) {
      while let unit = try flow.framer.next() {
        flow.owedSince = nil
        switch unit {
        case .message(let message): accept(message, from: peer)
        case .ping:
          counters.keepAlives &+= 1
          if case .open(let channel) = flow.state { channel.writeAndFlush(ByteBuffer(string: "\r\n"), promise: nil) }
        case .pong: counters.keepAlives &+= 1
        }
      }
    } catch {
      // Where the next message would begin is unknown from here on.
      refuse(error, from: peer)
      isBroken = true
    }
    if flow.owedSince == nil, flow.framer.pendingCount > 0 { flow.owedSince = now }
    if flows[id] != nil { flows[id] = flow }
    drain()
    if isBroken, let flow = flows[id], case .open(let channel) = flow.state { channel.close(promise: nil) }
  }

  /// A WebSocket message came: one SIP message (RFC 7118, section 5), or a keep-alive (RFC 5626, section 4.4.1).
  func receive(message octets: [UInt8], on id: UInt64) {
    guard var flow = flows[id] else { return }
    let peer = TransactionPeer(transport: flow.transport, remote: flow.remote, local: flow.local, flow: id)
    flow.lastActivity = now
    flow.owedSince = nil
    flows[id] = flow
    guard octets.contains(where: { $0 != 0x0D && $0 != 0x0A }) else {
      counters.keepAlives &+= 1
      // Two line ends ask for one.
      if octets.count >= 4, case .open(let channel) = flow.state {
        channel.writeAndFlush(ByteBuffer(string: "\r\n"), promise: nil)
      }
      return
    }
    // What is no SIP breaks nothing: the frames say where the next message begins.
    do throws(SIPParseError) {
      accept(try SIPParser.parse(datagram: octets), from: peer)
    } catch {
      refuse(error, from: peer)
    }
    drain()
  }

  /// Deadlines of connections; called every second.
  func expireFlows() {
    let now = now
    for flow in flows.all {
      let isIdle = now >= flow.lastActivity + configuration.idleDeadline
      let isLate = flow.owedSince.map { now >= $0 + configuration.messageDeadline } ?? false
      if isIdle || isLate { expire(flow.id) }
    }
  }

  func closeAllFlows() {
    for flow in flows.all {
      flows.remove(flow.id)
      if case .open(let channel) = flow.state { channel.close(promise: nil) }
    }
  }
}
