import Primitives
import RTP

/// A leg's RTCP: when to report, what the peer reports; RFC 3550, section 6, and RFC 3611 for peers that use it.
struct ControlChannel: Sendable {
  private var ssrc: UInt32
  private var canonicalName: String
  private var scheduler: RTCPScheduler
  /// The peer sends extended reports, so it will understand ours.
  private var peerUsesExtendedReports = false
  private var sentAtLastReport: UInt64 = 0
  /// In milliseconds, nil before the first report that answers one of ours.
  private(set) var roundTripTime: Double?
  /// 0 to 1: what the peer lost of what we sent.
  private(set) var remoteLossFraction: Double?
  /// What we send wants protection against loss (RFC 6716, section 2.1.7).
  private(set) var protection = LossProtection.off

  init(ssrc: UInt32, random: inout RandomSource) {
    self.ssrc = ssrc
    // RFC 7022, section 4.2: a short-term persistent name says nothing about anybody.
    canonicalName = random.token(16)
    scheduler = RTCPScheduler(random: .seeded(random.next()))
  }

  /// Reports as this source; to be called before the first report.
  mutating func take(_ source: AudioPlan.Source) {
    ssrc = source.ssrc
    canonicalName = source.canonicalName
  }

  mutating func start(at now: Instant) {
    if scheduler.deadline == nil { scheduler.start(at: now) }
  }

  /// It may be time for a report.
  func isDue(at now: Instant) -> Bool {
    guard let deadline = scheduler.deadline else { return false }
    return deadline <= now
  }

  /// Nothing can be sent: on to the next time.
  mutating func pass(at now: Instant) { _ = scheduler.timeout(at: now) }

  /// Reads a datagram of reports. True if the peer says goodbye.
  mutating func receive(
    _ packets: [RTCPPacket], octets: Int, stream: inout ReceiveStream?, clock: WallClock, at now: Instant
  )
    -> Bool
  {
    scheduler.received(octets: octets)
    var isGone = false
    for packet in packets {
      switch packet {
      case .senderReport(let report):
        if stream?.ssrc == report.ssrc { stream?.received(report, at: now) }
        read(report.blocks, clock: clock, at: now)
      case .receiverReport(let report): read(report.blocks, clock: clock, at: now)
      case .bye(let goodbye): if let source = stream?.ssrc, goodbye.ssrcs.contains(source) { isGone = true }
      case .extendedReport: peerUsesExtendedReports = true
      case .sourceDescription, .app, .feedback, .unknown: break
      }
    }
    return isGone
  }

  private mutating func read(_ blocks: [ReportBlock], clock: WallClock, at now: Instant) {
    for block in blocks where block.ssrc == ssrc {
      remoteLossFraction = Double(block.fractionLost) / 256
      protection.note(Double(block.fractionLost) / 256)
      if let time = block.roundTripTime(arrivedAt: clock.ntp(at: now)) { roundTripTime = time }
    }
  }

  /// The report that is due now, or nil.
  mutating func report(
    stream: SendStream, packetsSent: UInt64, receiver: inout ReceiveStream?, metrics: VoIPMetricsBlock?,
    clockRate: Int, clock: WallClock, at now: Instant
  ) -> [UInt8]? {
    guard let deadline = scheduler.deadline, deadline <= now else { return nil }
    scheduler.weSent = packetsSent != sentAtLastReport
    guard scheduler.timeout(at: now) else { return nil }
    let blocks = receiver?.reportBlock(at: now).map { [$0] } ?? []
    var packets = [opening(stream, packetsSent, blocks, clockRate: clockRate, clock: clock, at: now), name]
    if peerUsesExtendedReports, let metrics {
      packets.append(.extendedReport(ExtendedReport(ssrc: ssrc, blocks: [.voipMetrics(metrics)])))
    }
    sentAtLastReport = packetsSent
    let octets = RTCPCompound.encode(packets)
    scheduler.sent(octets: octets.count)
    return octets
  }

  /// The last report, with a BYE.
  mutating func goodbye(
    stream: SendStream, packetsSent: UInt64, receiver: inout ReceiveStream?, clockRate: Int, clock: WallClock,
    at now: Instant
  ) -> [UInt8] {
    scheduler.stop()
    let blocks = receiver?.reportBlock(at: now).map { [$0] } ?? []
    return RTCPCompound.encode([
      opening(stream, packetsSent, blocks, clockRate: clockRate, clock: clock, at: now), name,
      .bye(Goodbye(ssrcs: [ssrc])),
    ])
  }

  private var name: RTCPPacket { .sourceDescription([SourceDescription(ssrc: ssrc, cname: canonicalName)]) }

  /// A sender report if something was sent since the last one, else a receiver report (section 6.4).
  private func opening(
    _ stream: SendStream, _ packetsSent: UInt64, _ blocks: [ReportBlock], clockRate: Int, clock: WallClock,
    at now: Instant
  ) -> RTCPPacket {
    if packetsSent == sentAtLastReport { return .receiverReport(ReceiverReport(ssrc: ssrc, blocks: blocks)) }
    return .senderReport(
      stream.senderReport(at: now, wallClockNTP: clock.ntp(at: now), clockRate: clockRate, blocks: blocks))
  }
}
