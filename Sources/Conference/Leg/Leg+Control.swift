import Codecs
import Primitives
import RTP

extension Leg {
  /// Takes a datagram of RTCP from the host that sends the media.
  mutating func receiveControl(
    _ datagram: Span<UInt8>, from address: TransportAddress, clock: WallClock, at now: Instant,
    video room: inout RoomVideo?, events: inout OutputQueue<RoomEvent>
  ) {
    guard inbound.source.admitsControl(from: address), let packets = try? RTCPCompound.parse(datagram) else {
      return reject()
    }
    outbound.routability = .proven
    inbound.source.prove()
    let isGone = control.receive(packets, octets: datagram.count, stream: &inbound.stream, clock: clock, at: now)
    receiveVideoControl(packets, room: &room, at: now)
    // The listener may belong to another encoding now.
    outbound.isArranged = false
    if isGone { events.append(.mediaEnded(id)) }
  }

  /// Sends what is due of RTCP.
  mutating func sendControl(clock: WallClock, at now: Instant, into queue: inout DatagramQueue) {
    guard let destination = controlDestination, outbound.routability.isOpen(at: now) else {
      return control.pass(at: now)
    }
    guard
      let report = control.report(
        stream: outbound.stream, packetsSent: outbound.packetsSent, receiver: &inbound.stream, metrics: metrics,
        clockRate: outbound.clockRate, clock: clock, at: now)
    else { return }
    guard outbound.routability.maySend(at: now) else { return }
    queue.append(
      report: report.span, under: security, leg: id, slot: slot, channel: controlChannel, to: destination)
  }

  /// Sends the goodbye of a leg that leaves.
  mutating func sendGoodbye(clock: WallClock, at now: Instant, into queue: inout DatagramQueue) {
    guard let destination = controlDestination, outbound.routability.maySend(at: now) else { return }
    let goodbye = control.goodbye(
      stream: outbound.stream, packetsSent: outbound.packetsSent, receiver: &inbound.stream,
      clockRate: outbound.clockRate, clock: clock, at: now)
    queue.append(
      report: goodbye.span, under: security, leg: id, slot: slot, channel: controlChannel, to: destination)
  }

  /// RTCP goes with the media.
  private var isMultiplexed: Bool {
    if case .webRTC = security { true } else { plan?.rtcpMux ?? false }
  }

  var controlChannel: MediaChannel { isMultiplexed ? security.mediaChannel : .rtcp }

  /// Where reports go: with the media if multiplexed or if symmetric RTP found the peer behind another address.
  var controlDestination: TransportAddress? {
    guard let plan, let destination = outbound.destination else { return nil }
    if isMultiplexed { return destination }
    if destination == plan.remote, let remote = plan.remoteRTCP { return remote }
    let (port, overflow) = destination.port.addingReportingOverflow(1)
    return overflow ? nil : TransportAddress(destination.ip, port: port)
  }
}
