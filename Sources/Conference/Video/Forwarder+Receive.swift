import Primitives
import RTP

extension Forwarder {
  /// Takes a publisher's packet, in the clear; one that was sent once more is restored in place.
  package mutating func receive(_ packet: inout MutableSpan<UInt8>, from leg: LegID, at now: Instant) {
    guard let publisher = publisherSlots[leg], var header = try? RTPHeader.parse(packet.span) else {
      refused &+= 1
      return
    }
    var count = packet.count
    let plan = publishers[publisher].plan
    let slot: Int
    if header.payloadType == plan.payloadType {
      guard let found = source(of: publisher, header, in: packet.span, at: now) else {
        refused &+= 1
        return
      }
      slot = found
    } else if header.payloadType == plan.retransmissionType {
      guard let found = repairedSource(of: publisher, header, in: packet.span) else {
        refused &+= 1
        return
      }
      slot = found
      let restored = RTXPacket.restore(
        &packet, header: header, payloadType: plan.payloadType, ssrc: sources[slot].ssrc)
      // Padding to probe repeats nothing.
      guard let restored, let again = try? RTPHeader.parse(packet.span.extracting(0..<restored)) else { return }
      header = again
      count = restored
    } else {
      refused &+= 1
      return
    }
    take(packet.span.extracting(0..<count), header, source: slot, codec: plan.codec, at: now)
  }

  /// A publisher's report on one of its streams.
  package mutating func receive(_ report: SenderReport, from leg: LegID, at now: Instant) {
    guard let publisher = publisherSlots[leg] else { return }
    for slot in publishers[publisher].sources where sources[slot].ssrc == report.ssrc {
      sources[slot].clock.receive(report)
      sources[slot].stream.received(report, at: now)
    }
  }

  private mutating func take(
    _ packet: Span<UInt8>, _ header: RTPHeader, source slot: Int, codec: VideoCodec, at now: Instant
  ) {
    let verdict = sources[slot].stream.receive(header, arrival: now, clockRate: VideoCodec.clockRate)
    guard case .accepted(let sequence, let timestamp) = verdict else {
      refused &+= 1
      return
    }
    sources[slot].lastArrival = now
    sources[slot].rate.count(packet.count, at: now)
    sources[slot].missing.receive(sequence, at: now)
    if sequence > sources[slot].highest { sources[slot].highest = sequence }
    let publisher = sources[slot].publisher
    let payload = packet.extracting(header.payloadRange)
    guard payload.count > 0, let mark = try? codec.mark(payload) else {
      // Padding, or no video: it leaves no gap.
      if payload.count > 0 { refused &+= 1 }
      let empty = FrameMark(startsFrame: false, startsKeyFrame: false)
      let read = VideoPacket(header: header, sequence: sequence, timestamp: timestamp, mark: empty)
      for index in 0..<publishers[publisher].views.count {
        omit(read, source: slot, view: publishers[publisher].views[index], at: now)
      }
      return
    }
    let read = VideoPacket(header: header, sequence: sequence, timestamp: timestamp, mark: mark)
    sources[slot].history.store(packet, sequence: sequence, at: now)
    sources[slot].clock.receive(timestamp: timestamp, at: now)
    if mark.startsKeyFrame { sources[slot].requests.keyFrame() }
    for index in 0..<publishers[publisher].views.count {
      forward(packet, read, source: slot, view: publishers[publisher].views[index], at: now)
    }
  }

  /// The slot of a packet's source; a new one by its SSRC if that was announced, by its `rid`, or by being the only one.
  private mutating func source(
    of publisher: Int, _ header: RTPHeader, in packet: Span<UInt8>, at now: Instant
  ) -> Int? {
    for slot in publishers[publisher].sources where sources[slot].ssrc == header.ssrc { return slot }
    let plan = publishers[publisher].plan
    var layer = 0
    if let announced = plan.sources.prefix(Self.maximumLayers).firstIndex(where: { $0.ssrc == header.ssrc }) {
      layer = announced
    } else if !plan.layers.isEmpty {
      let rid = header.label(plan.extensions.rid, in: packet)
      guard
        let named = rid.map({ plan.layers.prefix(Self.maximumLayers).firstIndex(of: $0) })
          ?? publishers[publisher].known.layer(of: header.ssrc)
      else { return nil }
      layer = named
    }
    // The same layer under another SSRC has begun anew.
    if let old = publishers[publisher].sources.first(where: { sources[$0].layer == layer }) {
      // Somebody who still sends is not replaced by whoever comes.
      if plan.layers.isEmpty, sources[old].isActive(at: now) { return nil }
      publishers[publisher].sources.removeAll { $0 == old }
      freeSources.append(old)
      for view in publishers[publisher].views where views[view].selector.current?.stream == layer {
        views[view].selector.forget()
      }
    }
    return addSource(publisher, layer, header.ssrc, at: now)
  }

  private mutating func addSource(_ publisher: Int, _ layer: Int, _ ssrc: UInt32, at now: Instant) -> Int {
    generation &+= 1
    let source = VideoSource(
      publisher: publisher, layer: layer, generation: generation, ssrc: ssrc, octets: historyOctets)
    let slot: Int
    if let free = freeSources.popLast() {
      sources[free] = source
      slot = free
    } else {
      slot = sources.count
      sources.append(source)
    }
    sources[slot].lastArrival = now
    publishers[publisher].sources.append(slot)
    for view in publishers[publisher].views { retarget(view, at: now) }
    return slot
  }

  /// The slot of the source that a retransmission stream repeats, by `repaired-rid` or by being the only one.
  private mutating func repairedSource(of publisher: Int, _ header: RTPHeader, in packet: Span<UInt8>) -> Int? {
    for slot in publishers[publisher].sources where sources[slot].retransmission == header.ssrc { return slot }
    let plan = publishers[publisher].plan
    var layer = 0
    if let announced = plan.sources.firstIndex(where: { $0.retransmission == header.ssrc }) {
      layer = announced
    } else if !plan.layers.isEmpty {
      let rid = header.label(plan.extensions.repairedRID, in: packet)
      guard
        let named = rid.map({ plan.layers.firstIndex(of: $0) })
          ?? publishers[publisher].known.layer(ofRepair: header.ssrc)
      else { return nil }
      layer = named
    }
    for slot in publishers[publisher].sources where sources[slot].layer == layer {
      sources[slot].retransmission = header.ssrc
      return slot
    }
    return nil
  }
}
