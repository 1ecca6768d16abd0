import ICE
import Primitives
import RTP

extension Leg {
  /// Takes a datagram that came in on one of the leg's ports; true if there is something to be sent at once.
  mutating func take(
    _ datagram: Span<UInt8>, channel: MediaChannel, from address: TransportAddress, scratch: inout [UInt8],
    levels: borrowing PayloadLevel, clock: WallClock, at now: Instant, video room: inout RoomVideo?,
    events: inout OutputQueue<RoomEvent>
  ) -> Bool {
    let kind = PacketKind.classify(datagram)
    switch security {
    case .plain:
      switch kind {
      case .rtp where channel == .rtp: receive(datagram, from: address, levels: levels, at: now, events: &events)
      case .rtcp: receiveControl(datagram, from: address, clock: clock, at: now, video: &room, events: &events)
      case .rtp, .stun, .dtls, .other: reject()
      }
    case .sdes(let pair):
      switch kind {
      case .rtp where channel == .rtp:
        guard let count = pair.unprotect(rtp: datagram, into: &scratch) else { return refuse() }
        receive(
          scratch.span.extracting(first: count), from: address, levels: levels, at: now, events: &events)
      case .rtcp:
        guard let count = pair.unprotect(rtcp: datagram, into: &scratch) else { return refuse() }
        receiveControl(
          scratch.span.extracting(first: count), from: address, clock: clock, at: now, video: &room, events: &events)
      case .rtp, .stun, .dtls, .other: reject()
      }
    case .webRTC(let transport):
      // One port for all: RFC 7983.
      guard channel != .rtcp else { return refuse() }
      let pair = CandidatePair(address, over: channel.transport)
      switch kind {
      case .rtp:
        guard transport.admits(pair, at: now),
          let count = transport.media?.unprotect(rtp: datagram, into: &scratch)
        else { return refuse() }
        if carriesVideo(scratch, count: count) {
          receiveVideo(&scratch, count: count, room: &room, at: now)
          return false
        }
        receive(
          scratch.span.extracting(first: count), from: Inbound.authentic, levels: levels, at: now, events: &events)
      case .rtcp:
        guard transport.admits(pair, at: now),
          let count = transport.media?.unprotect(rtcp: datagram, into: &scratch)
        else { return refuse() }
        receiveControl(
          scratch.span.extracting(first: count), from: Inbound.authentic, clock: clock, at: now, video: &room,
          events: &events)
      case .stun:
        transport.receiveSTUN(datagram, on: pair, at: now)
        follow(transport, events: &events)
        return transport.hasWaiting
      case .dtls:
        guard transport.receiveDTLS(datagram, on: pair, at: now) else { return refuse() }
        follow(transport, events: &events)
        return transport.hasWaiting
      case .other: reject()
      }
    case .shut: reject()
    }
    return false
  }

  /// Whether ICE has proved that the peer is there.
  mutating func admits(_ address: TransportAddress, by channel: MediaChannel, at now: Instant) -> Bool {
    guard case .webRTC(let transport) = security else { return false }
    return transport.admits(CandidatePair(address, over: channel.transport), at: now)
  }

  /// The connection that the peer had from this address has ended.
  mutating func connectionClosed(
    _ address: TransportAddress, at now: Instant, events: inout OutputQueue<RoomEvent>
  ) {
    guard case .webRTC(let transport) = security else { return }
    transport.connectionClosed(address, at: now)
    follow(transport, events: &events)
  }

  private mutating func refuse() -> Bool {
    reject()
    return false
  }

  /// Protection agreed or agreed anew.
  mutating func secure(_ wanted: MediaSecurity, at now: Instant, events: inout OutputQueue<RoomEvent>) {
    switch (security, wanted) {
    case (.webRTC(let transport), .dtls(let plan)):
      transport.adopt(plan, at: now)
      follow(transport, events: &events)
    // Keys that are there stay: signalling refuses such a description before.
    case (.webRTC, .none), (.webRTC, .sdes), (.sdes, .none), (.sdes, .dtls): events.append(.legFailed(id, .mismatch))
    case (.sdes(let pair), .sdes(let send, let receive)): pair.adopt(send: send, receive: receive)
    case (.plain, .sdes(let send, let receive)), (.shut, .sdes(let send, let receive)):
      security = .sdes(SRTPPair(send: send, receive: receive))
    case (.plain, .none), (.shut, .none): security = .plain
    case (.plain, .dtls), (.shut, .dtls):
      security = .shut
      events.append(.legFailed(id, .mismatch))
    }
  }

  /// What is due of ICE and DTLS.
  mutating func tickTransport(at now: Instant, events: inout OutputQueue<RoomEvent>) {
    guard case .webRTC(let transport) = security else { return }
    transport.tick(at: now)
    follow(transport, events: &events)
  }

  /// Sends what waits of ICE and DTLS.
  mutating func sendTransport(into queue: inout DatagramQueue) {
    guard case .webRTC(let transport) = security, transport.hasWaiting else { return }
    for datagram in transport.takeWaiting() {
      let pair = datagram.destination
      queue.append(
        datagram.octets.span, leg: id, slot: slot, channel: MediaChannel(pair.transport), to: pair.remote)
    }
  }

  /// Says good-bye by DTLS.
  mutating func closeTransport(into queue: inout DatagramQueue) {
    guard case .webRTC(let transport) = security else { return }
    transport.close()
    sendTransport(into: &queue)
  }

  /// Media goes where ICE says, once there are keys; ICE has the peer's consent, so nothing else must be proven.
  private mutating func follow(_ transport: SecureTransport, events: inout OutputQueue<RoomEvent>) {
    let destination = transport.destination
    if destination != outbound.destination {
      outbound.destination = destination
      outbound.routability = .proven
      outbound.isArranged = false
    }
    while let news = transport.nextNews() {
      switch news {
      case .connected: events.append(.legConnected(id))
      case .failed(let failure): events.append(.legFailed(id, failure))
      case .closed: events.append(.mediaEnded(id))
      }
    }
  }
}
