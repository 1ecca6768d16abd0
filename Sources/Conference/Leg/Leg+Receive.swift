import Codecs
import Primitives
import RTP

extension Leg {
  /// Takes an RTP packet; whatever is wrong with it costs the packet alone.
  mutating func receive(
    _ datagram: Span<UInt8>, from address: TransportAddress, levels: borrowing PayloadLevel, at now: Instant,
    events: inout OutputQueue<RoomEvent>
  ) {
    guard inbound.isWanted, let header = try? RTPHeader.parse(datagram) else { return reject() }
    let meaning = inbound.meaning(of: header.payloadType)
    guard admit(header, meaning, from: address, at: now) else { return reject() }
    noteFlow(at: now, events: &events)
    // Events and noise run on the clock of the audio around them, whatever their payload type declares (browsers).
    var clockRate = inbound.voice.clockRate
    var audio: CodecFormat?
    switch meaning {
    case .unknown: return
    case .event:
      guard let place = inbound.count(header, octets: datagram.count, clockRate: clockRate, isEvent: true, at: now)
      else { return }
      inbound.jitter.skip(sequence: place.sequence)
      passEvent(header, sequence: place.sequence, at: now)
      receiveEvent(header, datagram.extracting(header.payloadRange), at: now, events: &events)
      return
    case .noise: break
    case .audio(let index):
      guard let format = inbound.voice.format(Int(index)) else { return }
      clockRate = format.clockRate
      audio = format
    }
    guard let place = inbound.count(header, octets: datagram.count, clockRate: clockRate, isEvent: false, at: now)
    else { return }
    let payload = datagram.extracting(header.payloadRange)
    if let audio {
      observe(format: audio, header: header, in: datagram, levels: levels, at: now)
      followRequest(payload, in: audio, at: now)
    }
    let isNew = inbound.insert(
      sequence: place.sequence, timestamp: place.timestamp, header: header, payload: payload, clockRate: clockRate,
      at: now)
    if isNew { passOn(header, sequence: place.sequence, payload: payload, format: audio, at: now) }
  }

  /// Whether the packet comes from where it should; learns the peer's address.
  private mutating func admit(
    _ header: RTPHeader, _ meaning: Inbound.Meaning, from address: TransportAddress, at now: Instant
  ) -> Bool {
    var isKnown = true
    if case .unknown = meaning { isKnown = false }
    switch inbound.source.admit(from: address, ssrc: header.ssrc, payloadTypeKnown: isKnown, at: now) {
    case .rejected: return false
    case .accepted: break
    case .learned(let address):
      outbound.destination = address
      outbound.isArranged = false
    }
    outbound.routability = .proven
    return true
  }

  private mutating func receiveEvent(
    _ header: RTPHeader, _ payload: Span<UInt8>, at now: Instant, events: inout OutputQueue<RoomEvent>
  ) {
    let event = inbound.keys.receive(
      timestamp: header.timestamp, marker: header.marker, payload: payload, at: now)
    inbound.areKeysPending = true
    if let event { report(event, events: &events) }
  }

  /// A packet that is not taken.
  mutating func reject() { inbound.packetsRejected &+= 1 }

  /// Reports a key, and stops a play that waits for one.
  mutating func report(_ event: TelephoneEvent, events: inout OutputQueue<RoomEvent>) {
    guard let digit = DTMFDigit(rawValue: event.event) else { return }
    report(digit, source: .telephoneEvent, events: &events)
  }

  mutating func report(_ digit: DTMFDigit, source: DigitSource, events: inout OutputQueue<RoomEvent>) {
    events.append(.digit(id, digit, source))
    if player.stopsOnDigit { player.stopCurrent(because: .digit) }
  }

  private mutating func observe(
    format: CodecFormat, header: RTPHeader, in datagram: Span<UInt8>, levels: borrowing PayloadLevel, at now: Instant
  ) {
    if let id = plan?.audioLevelExtension, let said = header.audioLevel(in: datagram, extensionID: id) {
      return inbound.gate.observe(.measured(-Float(said.level)), at: now)
    }
    let payload = datagram.extracting(header.payloadRange)
    inbound.gate.observe(levels.observe(payload, format: format, sizeFloor: &inbound.sizeFloor), at: now)
  }

  /// What the peer wants to get in return.
  private mutating func followRequest(_ payload: Span<UInt8>, in format: CodecFormat, at now: Instant) {
    guard format.codec == .amr || format.codec == .amrWB, let sent = plan?.send.format else { return }
    // The listener may belong to another encoding now.
    if outbound.modeRequest.receive(payload, in: format, sent: sent, at: now) { outbound.isArranged = false }
  }

  private mutating func noteFlow(at now: Instant, events: inout OutputQueue<RoomEvent>) {
    switch inbound.flow {
    case .awaited: if inbound.packetsReceived == 0 { events.append(.mediaStarted(id)) }
    case .flowing: break
    case .dry: events.append(inbound.packetsReceived == 0 ? .mediaStarted(id) : .mediaResumed(id))
    }
    inbound.flow = .flowing(last: now)
  }
}
