import Primitives
import RTP

extension Leg {
  /// Media agreed or agreed anew: video is there from the first plan that has it.
  mutating func adopt(_ plan: VideoPlan?, at now: Instant) {
    guard let plan = plan ?? video.map({ VideoPlan(canonicalName: $0.plan.canonicalName) }) else { return }
    if video == nil { video = LegVideo(plan, sender: outbound.stream.ssrc, at: now) } else { video?.adopt(plan) }
  }

  /// A packet is the member's picture, by its payload type.
  func carriesVideo(_ packet: [UInt8], count: Int) -> Bool {
    guard count > 1, let video else { return false }
    return video.carries(packet[1] & 0x7F)
  }

  /// Takes a packet of the member's picture: the first `count` octets, in the clear.
  mutating func receiveVideo(
    _ octets: inout [UInt8], count: Int, room: inout RoomVideo?, at now: Instant
  ) {
    var all = octets.mutableSpan
    var packet = all._mutatingExtracting(0..<count)
    guard let header = try? RTPHeader.parse(packet.span) else { return reject() }
    video?.receive(header, in: packet.span, at: now)
    room?.forwarder.receive(&packet, from: id, at: now)
  }

  /// What reports say of video.
  mutating func receiveVideoControl(_ packets: [RTCPPacket], room: inout RoomVideo?, at now: Instant) {
    guard video != nil else { return }
    for packet in packets {
      switch packet {
      case .senderReport(let report): room?.forwarder.receive(report, from: id, at: now)
      case .feedback(let feedback):
        if video?.receive(feedback, at: now) ?? false { continue }
        room?.forwarder.receive(feedback, fromWatcher: id, at: now)
      case .receiverReport, .sourceDescription, .bye, .app, .extendedReport, .unknown: break
      }
    }
  }

  /// Sends a packet of somebody's picture, as it is to be.
  mutating func sendVideo(
    _ packet: Span<UInt8>, under sequence: UInt16?, isProbe: Bool, at now: Instant, into queue: inout DatagramQueue
  ) {
    guard let destination = outbound.destination, outbound.routability.maySend(at: now),
      queue.append(packet: packet, under: security, leg: id, slot: slot, to: destination)
    else { return }
    video?.sent(packet.count, under: sequence, isProbe: isProbe, at: now)
  }

  /// Sends reports beside the audio's; the first of them must be a sender's or receiver's report.
  mutating func sendVideoControl(_ packets: [RTCPPacket], at now: Instant, into queue: inout DatagramQueue) {
    guard let destination = controlDestination, outbound.routability.maySend(at: now) else { return }
    let report = RTCPCompound.encode(packets)
    queue.append(
      report: report.span, under: security, leg: id, slot: slot, channel: controlChannel, to: destination)
  }

  /// Asks the member for something about its picture.
  mutating func ask(_ feedback: Feedback, at now: Instant, into queue: inout DatagramQueue) {
    let opening = RTCPPacket.receiverReport(ReceiverReport(ssrc: outbound.stream.ssrc, blocks: []))
    sendVideoControl([opening, .feedback(feedback)], at: now, into: &queue)
  }

  /// What the way to the member bears, in bit/s, and whether it talks; nil for who takes no part.
  mutating func videoState() -> (leg: LegID, bitrate: Int, isTalking: Bool)? {
    guard standing == .admitted, let bitrate = video?.bitrate else { return nil }
    return (id, bitrate, isReportedTalking)
  }

  /// Sends what is due of video's reports.
  mutating func reportVideo(
    room: inout RoomVideo?, clock: WallClock, at now: Instant, into queue: inout DatagramQueue
  ) {
    guard standing == .admitted, video != nil else { return }
    if let feedback = video?.arrivalReport(at: now) { ask(feedback, at: now, into: &queue) }
    guard let due = video?.reportDue, due <= now, let plan = video?.plan else { return }
    video?.reportDue = now.advanced(byNanoseconds: LegVideo.reportInterval)
    let ssrc = outbound.stream.ssrc
    let blocks = room?.forwarder.reportBlocks(of: id, at: now) ?? []
    var packets: [RTCPPacket] = [.receiverReport(ReceiverReport(ssrc: ssrc, blocks: blocks))]
    var names: [SourceDescription] = []
    for report in room?.senderReports(to: id, ntp: clock.ntp(at: now), at: now) ?? [] {
      packets.append(.senderReport(report))
      names.append(SourceDescription(ssrc: report.ssrc, cname: plan.canonicalName))
    }
    if !names.isEmpty { packets.append(.sourceDescription(names)) }
    if plan.publisher != nil, let limit = room?.ceiling(of: id) {
      let sources = room?.forwarder.sourceNumbers(of: id) ?? []
      packets.append(.feedback(MaximumBitrate(sender: ssrc, bitrate: UInt64(limit), ssrcs: sources).feedback))
    }
    guard packets.count > 1 || !blocks.isEmpty else { return }
    sendVideoControl(packets, at: now, into: &queue)
  }
}
