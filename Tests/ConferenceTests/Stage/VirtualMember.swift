import TestSupport
import Codecs
import Conference
import Primitives
import RTP

/// A phone or browser in virtual time: speaks RTP with a real codec, and hears what it gets.
final class VirtualMember {
  let leg: LegID
  var address: TransportAddress
  /// Its packets go in and out protected by this.
  var browser: VirtualBrowser?
  /// The same for keys of session descriptions.
  var shield: SDESShield?
  /// Where the SDP says that it is; the same unless a NAT stands between.
  var signalled: TransportAddress?
  private(set) var payload: PayloadFormat
  var voice: Sound.Voice
  /// Milliseconds of a packet that it sends.
  var packetTime = 20
  /// How fast its clock runs.
  var driftPPM = 0.0
  var isSending = true
  /// Packets for which this is false are not sent, as by DTX; the argument is the time in seconds.
  var isTransmitting: @Sendable (Double) -> Bool = { _ in true }
  /// Sends RFC 6464 levels under this id.
  var levelExtension: UInt8?
  var ssrc: UInt32
  var sequence: UInt16
  var timestamp: UInt32
  var plan: AudioPlan

  private(set) var heard: HeardAudio
  /// Payloads of audio as they were sent and as they came.
  private(set) var sentPayloads: [[UInt8]] = []
  private(set) var heardPayloads: [[UInt8]] = []
  private(set) var reports: [RTCPPacket] = []
  private(set) var reportTimes: [Instant] = []
  private(set) var reportChannels: [TransportAddress] = []
  private(set) var events: [(payload: TelephoneEventPayload, timestamp: UInt32, marker: Bool)] = []
  /// Packets sent so far.
  private(set) var sent = 0
  private var encoder: AudioEncoder
  /// Nanoseconds at which the next packet's first sample is spoken, by the room's clock.
  private var next: Double
  /// By its own clock, in seconds.
  private var spoken = 0.0
  private var wasTransmitting = false

  init(
    _ number: Int, _ format: CodecFormat, voice: @escaping Sound.Voice = Sound.silence, phase: Double = 0,
    packetTime: Int = 20, events: Bool = true, opus: OpusVoice = OpusVoice()
  ) {
    leg = LegID(UInt64(number))
    let ip = IPAddress.v4(0x0A00_0000 | UInt32(number))
    address = TransportAddress(ip, port: UInt16(10_000 + 2 * (number % 20_000)))
    payload = PayloadFormat(payloadType: Self.payloadType(format), format: format)
    self.voice = voice
    ssrc = 0x1000_0000 &+ UInt32(number)
    sequence = UInt16(truncatingIfNeeded: 1_000 + number)
    timestamp = UInt32(160 * number)
    plan = AudioPlan(
      send: payload, receive: [payload],
      telephoneEvent: events ? TelephoneEventPlan(payloadType: 101, clockRate: format.clockRate) : nil,
      remote: address, packetTime: packetTime)
    self.packetTime = packetTime
    heard = HeardAudio(format: format)
    guard let encoder = Self.encoder(format, opus: opus) else {
      preconditionFailure("The test asks for an impossible encoder.")
    }
    self.encoder = encoder
    next = phase * 1e6
  }

  static func payloadType(_ format: CodecFormat) -> UInt8 {
    switch format.codec {
    case .pcmu: 0
    case .pcma: 8
    case .g722: 9
    case .l16: 97
    case .gsm: 3
    case .g729: 18
    case .g726: 98
    case .speex: 99
    case .ilbc: 100
    case .amr: 102
    case .amrWB: 103
    case .opus: 111
    }
  }

  /// Hertz of what the encoder takes.
  var inputRate: Int { encoder.inputRate }

  /// How it sends Opus.
  struct OpusVoice {
    var sampleRate = 48_000
    var bitRate = 32_000
    var complexity = 5
  }

  static func encoder(_ format: CodecFormat, opus: OpusVoice = OpusVoice()) -> AudioEncoder? {
    let encoder = try? AudioEncoder(
      format: format, sampleRate: format.codec == .opus ? opus.sampleRate : format.sampleRate,
      bitRate: opus.bitRate, complexity: opus.complexity)
    // As browsers do who have heard of loss.
    encoder?.set(inbandFEC: format.opus.useInbandFEC, expectedLoss: 10)
    return encoder
  }

  /// From now on it speaks and hears another codec.
  func use(_ format: CodecFormat) {
    payload = PayloadFormat(payloadType: Self.payloadType(format), format: format)
    plan.send = payload
    plan.receive = [payload]
    if let encoder = Self.encoder(format) { self.encoder = encoder }
    heard.use(format)
  }

  /// From now on its AMR payloads ask for this mode, 0 to 8; nil for none.
  func ask(forMode mode: Int?) {
    if case .amr(let encoder, _) = encoder { encoder.ask(for: mode) }
  }

  /// Speaks another codec without asking; the plan must allow it.
  func speak(_ format: CodecFormat) {
    payload = PayloadFormat(payloadType: Self.payloadType(format), format: format)
    if let encoder = Self.encoder(format) { self.encoder = encoder }
  }

  /// A mute phone that starts to speak begins at this moment.
  func begin(at now: Instant) { next = max(next, Double(now.nanoseconds)) }

  /// Sends every packet whose last sample has been spoken by `now`.
  func speak(until now: Instant, to server: TransportAddress, over network: inout VirtualNetwork) {
    let seconds = Double(packetTime) / 1_000
    let length = seconds * 1e9 / (1 + driftPPM * 1e-6)
    while next + length <= Double(now.nanoseconds) {
      next += length
      let packet = makePacket(at: spoken, seconds: seconds)
      spoken += seconds
      guard let packet else { continue }
      guard let datagram = protect(packet) else { continue }
      sent += 1
      network.send(datagram, from: address, to: server, at: Instant(nanoseconds: Int64(next)))
    }
    guard let browser else { return }
    for (source, octets) in browser.run(at: now) { network.send(octets, from: source, to: server, at: now) }
    address = browser.address
  }

  /// As it goes over the wire; nil if it must not yet.
  func protect(_ packet: [UInt8]) -> [UInt8]? {
    if let browser { return browser.protect(packet) }
    if let shield { return shield.protect(packet) }
    return packet
  }

  private func makePacket(at start: Double, seconds: Double) -> [UInt8]? {
    let rate = encoder.inputRate
    let count = Int((Double(rate) * seconds).rounded())
    var samples = [Int16](repeating: 0, count: count)
    var sum = 0.0
    for index in 0..<count {
      let value = voice(start + Double(index) / Double(rate))
      sum += value * value
      samples[index] = Int16((value * 32_767).rounded())
    }
    defer { timestamp &+= UInt32((Double(payload.format.clockRate) * seconds).rounded()) }
    var octets = [UInt8](repeating: 0, count: 4_000)
    var span = octets.mutableSpan
    let size = encoder.encode(samples.span, into: &span)
    guard isSending, isTransmitting(start), size > 0 else {
      wasTransmitting = false
      return nil
    }
    defer {
      sequence &+= 1
      wasTransmitting = true
    }
    let level = UInt8(min(max(-Sound.decibels((sum / Double(count)).squareRoot()), 0), 127))
    sentPayloads.append(Array(octets[..<size]))
    return packet(Array(octets[..<size]), marker: !wasTransmitting, level: level)
  }

  /// An RTP packet of this member with this payload.
  func packet(
    _ payload: [UInt8], type: UInt8? = nil, marker: Bool = false, timestamp other: UInt32? = nil, level: UInt8? = nil
  ) -> [UInt8] {
    var header = [UInt8](repeating: 0, count: RTPHeader.size)
    var span = header.mutableSpan
    _ = RTPHeader.write(
      into: &span, payloadType: type ?? self.payload.payloadType, marker: marker, sequence: sequence,
      timestamp: other ?? timestamp, ssrc: ssrc)
    guard let levelExtension, let level else { return header + payload }
    header[0] |= 0x10
    return header + [0xBE, 0xDE, 0, 1, levelExtension << 4, level, 0, 0] + payload
  }

  /// A telephone-event packet; takes a sequence number.
  func eventPacket(_ event: UInt8, end: Bool, duration: UInt16, timestamp: UInt32, marker: Bool) -> [UInt8] {
    var octets = [UInt8](repeating: 0, count: 4)
    var span = octets.mutableSpan
    _ = TelephoneEventPayload(event: event, end: end, volume: 10, duration: duration).write(into: &span)
    defer { sequence &+= 1 }
    return packet(octets, type: 101, marker: marker, timestamp: timestamp)
  }

  func receive(_ datagram: Span<UInt8>, at address: TransportAddress, now: Instant) {
    if let browser {
      if let plain = browser.receive(datagram, at: now) { receivePlain(plain.span, at: address, now: now) }
    } else if let shield {
      if let plain = shield.unprotect(datagram) { receivePlain(plain.span, at: address, now: now) }
    } else {
      receivePlain(datagram, at: address, now: now)
    }
  }

  private func receivePlain(_ datagram: Span<UInt8>, at address: TransportAddress, now: Instant) {
    switch PacketKind.classify(datagram) {
    case .rtcp:
      if let packets = try? RTCPCompound.parse(datagram) {
        reports += packets
        reportTimes.append(now)
        reportChannels.append(address)
      }
    case .rtp:
      guard let header = try? RTPHeader.parse(datagram) else { return }
      let payload = datagram.extracting(header.payloadRange)
      heard.note(header, count: payload.count, at: now)
      if header.payloadType == plan.telephoneEvent?.payloadType {
        if let event = TelephoneEventPayload(payload) { events.append((event, header.timestamp, header.marker)) }
      } else if header.payloadType == plan.send.payloadType {
        heard.take(header, payload: payload)
        heardPayloads.append(payload.indices.map { payload[$0] })
      }
    case .stun, .dtls, .other: break
    }
  }

  func level(of frequency: Double, last seconds: Double = 1, before: Double = 0) -> Double {
    heard.level(of: frequency, last: seconds, before: before)
  }
}
