import Codecs
import Primitives
import RTP

extension Outbound {
  /// Where a packet of the relay goes and how it is dressed.
  struct RelayRoute {
    var listener: RelayListener
    var noiseType: UInt8
    var timeline: Int64
    var leg: LegID
    var slot: Int
  }

  /// Passes on a packet of the other member, if the peer may be sent to.
  mutating func pass(
    _ packet: RelayQueue.Packet, _ payload: Span<UInt8>, _ route: RelayRoute, under security: LegSecurity,
    into queue: inout DatagramQueue
  ) {
    var missing = 0
    var behind = 0
    switch relay.place(packet) {
    case .nowhere: return
    case .first:
      flushRelay(route, under: security, at: packet.arrival, into: &queue)
      relay.anchor(packet.timestamp, at: continuation(after: route.timeline))
    case .next(let count): missing = count
    case .late(let count): behind = count
    }
    let start = packet.timestamp &+ relay.offset
    switch packet.content {
    case .event: stream.skip(numbers: missing)
    case .audio where route.listener.format.isDivisible && !packet.isRest && isCut(packet, route):
      guard behind == 0 else { return }
      if missing > 0 || start != relay.pendingStart &+ UInt32(truncatingIfNeeded: relay.pendingTicks) {
        flushRelay(route, under: security, at: packet.arrival, into: &queue)
      }
      if missing > 0 { stream.skip(numbers: max(missing &* packet.ticks / max(route.listener.ticks, 1), 1)) }
      if packet.marker { isPaused = true }
      relay.keep(payload, from: start, ticks: packet.ticks)
      let size = packet.count &* route.listener.ticks / max(packet.ticks, 1)
      while size > 0, relay.pending.count >= size {
        sendPending(size, ticks: route.listener.ticks, route, under: security, at: packet.arrival, into: &queue)
      }
    case .audio, .noise:
      flushRelay(route, under: security, at: packet.arrival, into: &queue)
      stream.skip(numbers: missing)
      let type = packet.content == .noise ? route.noiseType : payloadType
      send(
        payload, payloadType: type, marker: packet.marker, start: start, ticks: packet.ticks, behind: behind, route,
        under: security, at: packet.arrival, into: &queue)
    }
  }

  /// The packet does not have the listener's length, or something waits to be joined with it.
  private func isCut(_ packet: RelayQueue.Packet, _ route: RelayRoute) -> Bool {
    let isWhole = packet.ticks > 0 && packet.count &* route.listener.ticks % packet.ticks == 0
    return isWhole && (packet.ticks != route.listener.ticks || relay.pendingTicks > 0)
  }

  /// Sends what waits, however short.
  private mutating func flushRelay(
    _ route: RelayRoute, under security: LegSecurity, at now: Instant, into queue: inout DatagramQueue
  ) {
    guard relay.pendingTicks > 0 else { return }
    sendPending(relay.pending.count, ticks: relay.pendingTicks, route, under: security, at: now, into: &queue)
  }

  private mutating func sendPending(
    _ octets: Int, ticks: Int, _ route: RelayRoute, under security: LegSecurity, at now: Instant,
    into queue: inout DatagramQueue
  ) {
    do {
      // A span of the store would lock everything around it. The copy shares its memory and ends before the store changes.
      let store = relay.pending
      send(
        store.span.extracting(first: octets), payloadType: payloadType, marker: false, start: relay.pendingStart,
        ticks: ticks, behind: 0, route, under: security, at: now, into: &queue)
    }
    relay.drop(octets: octets, ticks: ticks)
  }

  private mutating func send(
    _ payload: Span<UInt8>, payloadType: UInt8, marker: Bool, start: UInt32, ticks: Int, behind: Int,
    _ route: RelayRoute, under security: LegSecurity, at now: Instant, into queue: inout DatagramQueue
  ) {
    if behind == 0 {
      stream.advance(ticks: start &- stream.timestamp)
      end = start &+ UInt32(truncatingIfNeeded: ticks)
    }
    relayedAt = now
    guard let destination, routability.maySend(at: now) else {
      isPaused = true
      return
    }
    guard
      let count = queue.append(
        &stream, payloadType: payloadType, marker: marker || (isPaused && behind == 0), payload: payload,
        timestamp: start, behind: behind, under: security, at: now, leg: route.leg, slot: route.slot, to: destination)
    else { return }
    isPaused = false
    packetsSent &+= 1
    octetsSent &+= UInt64(count)
  }

  /// The timestamp of what begins now: where the audio sent so far ends, unless that is long ago.
  private func continuation(after timeline: Int64) -> UInt32 {
    let now = timestamp(at: (timeline &+ 1) &* Room.tickTime)
    let ahead = Int32(bitPattern: now &- end)
    return ahead <= Int32(clamping: clockRate * 60 / 1_000) ? end : now
  }

  /// The peer has got, or was not to get, all of the mix before this tick.
  func isServed(until timeline: Int64) -> Bool {
    switch listener {
    case .absent, .relayed: false
    case .shared, .own: heardUpTo == nil && end == timestamp(at: timeline &* Room.tickTime)
    }
  }

  /// Packets of the other member are passed on from now on.
  mutating func beginRelay() {
    relay.start()
    heardUpTo = nil
    relayedAt = nil
    listener = .relayed
    isArranged = true
  }

  /// The peer has got this audio as passed-on packets.
  mutating func isHeard(_ packet: EncodingChain.Packet) -> Bool {
    guard let heardUpTo else { return false }
    let ahead = Int32(bitPattern: timestamp(at: packet.start) &- heardUpTo)
    if ahead < 0, ahead >= -Int32(clamping: clockRate) { return true }
    self.heardUpTo = nil
    return false
  }

  /// From now on encoded packets continue the stream. They come later than those passed on by what the jitter buffer delays: what
  /// the peer has heard already is encoded, so that the encoder is in step, and not sent.
  ///
  /// - Parameter head: the talker's timestamp of what the tick that begins will play; nil in a pause.
  mutating func endRelay(head: UInt32?, timeline: Int64, at now: Instant) {
    listener = .absent
    isArranged = false
    let start = UInt32(truncatingIfNeeded: timeline &* Room.tickTime &* Int64(clockRate) / 1_000)
    if let head, relay.isFollowing {
      let own = head &+ relay.offset
      let lead = Int32(bitPattern: end &- own)
      if lead >= 0, lead <= Int32(clamping: clockRate / 2) {
        timestampAtZero = own &- start
        heardUpTo = end
        return
      }
    }
    // A pause: by the clock.
    guard let relayedAt else { return }
    let elapsed = min(max(now.nanoseconds(since: relayedAt), 0), 3_600_000_000_000) / 1_000_000
    let own = end &+ UInt32(truncatingIfNeeded: elapsed &* Int64(clockRate) / 1_000)
    timestampAtZero = own &- start
  }
}
