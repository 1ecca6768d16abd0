import Audio
import Codecs
import Primitives
import RTP

/// From the jitter buffer to 20 ms frames of samples: decoding, concealment, comfort noise and stretching.
///
/// When nobody can hear the member the packets are passed over undecoded, on the same clock.
struct VoiceSource {
  /// Packets that one frame may take from the buffer at most.
  static let maximumPackets = 12
  /// The longest packet, in milliseconds (RFC 6716, section 3.2.5).
  static let longestPacket = 120

  private var formats: [PayloadFormat] = []
  private var comfortNoise: UInt8?
  private var format: CodecFormat?
  /// The payload type that `format` was found by.
  private var payloadType: UInt8?
  private var decoder: AudioDecoder?
  private var scaler: TimeScaler?
  private var noise = ComfortNoise(seed: 1)
  /// Where a stretched piece is made.
  private var stretched: [Int16] = []
  /// Of the last comfort noise packet, in dBFS; nil while the peer sends audio.
  private var noiseLevel: Float?
  /// Samples at `rate` that wait: `count` of them; without their values while `isVirtual`.
  private var samples: [Int16] = []
  private var count = 0
  private var isVirtual = true
  /// Samples of the last packet.
  private var packetSamples = 160
  private(set) var framesConcealed: UInt64 = 0
  /// Hertz of the frames.
  private(set) var rate = 8_000
  /// Hertz, twice the highest frequency that the peer sends.
  private(set) var audibleRate = 8_000

  /// The peer pauses and has said how loud its background is.
  var isComfortNoise: Bool { noiseLevel != nil }

  var clockRate: Int { format?.clockRate ?? formats.first?.format.clockRate ?? 8_000 }

  /// The format of this index in the plan.
  func format(_ index: Int) -> CodecFormat? { index < formats.count ? formats[index].format : nil }

  /// What has been taken from the jitter buffer and not been played, in ticks of the RTP clock.
  var waitingTicks: Int64 { Int64(count &* clockRate / max(rate, 1)) }

  /// Samples of a frame.
  var frameCount: Int { rate / 50 }

  mutating func adopt(_ plan: AudioPlan) {
    formats = plan.receive
    comfortNoise = plan.comfortNoise
    payloadType = nil
    if let first = formats.first?.format, format == nil { use(first) }
  }

  /// Another source sends now.
  mutating func restart() {
    count = 0
    noiseLevel = nil
    if let format { use(format) }
  }

  private mutating func use(_ format: CodecFormat) {
    self.format = format
    let decoder = AudioDecoder(format: format, outputRate: 48_000)
    self.decoder = decoder
    rate = decoder.outputRate
    audibleRate = rate
    scaler = TimeScaler(sampleRate: rate)
    count = 0
    let capacity = rate * (Self.longestPacket + 80) / 1_000
    if samples.count < capacity { samples = Array(repeating: 0, count: capacity) }
    packetSamples = rate / 50
  }

  /// Copies the next 20 ms into `frame` (`frameCount` samples), decoding what the buffer holds for them.
  mutating func read(
    _ jitter: inout JitterBuffer, into frame: inout MutableSpan<Int16>, at now: Instant
  ) {
    if isVirtual { materialise() }
    fill(&jitter, at: now)
    let wanted = min(frameCount, frame.count)
    do {
      let source = samples.span
      for index in 0..<wanted { frame[index] = source[index] }
    }
    consume(wanted)
  }

  /// Passes over 20 ms.
  mutating func skip(_ jitter: inout JitterBuffer, at now: Instant) {
    isVirtual = true
    fill(&jitter, at: now)
    consume(min(frameCount, count))
  }

  /// The samples that were passed over undecoded were silence.
  private mutating func materialise() {
    isVirtual = false
    for index in 0..<min(count, samples.count) { samples[index] = 0 }
  }

  private mutating func consume(_ used: Int) {
    let rest = max(count - used, 0)
    if !isVirtual, rest > 0 {
      var span = samples.mutableSpan
      for index in 0..<rest { span[index] = span[index &+ used] }
    }
    count = rest
  }

  private mutating func fill(_ jitter: inout JitterBuffer, at now: Instant) {
    var rounds = 0
    while count < frameCount, rounds < Self.maximumPackets {
      rounds += 1
      jitter.queuedTicks = waitingTicks
      switch jitter.next(at: now) {
      case .packet(let slot): take(slot, from: &jitter)
      case .lost(let next): bridge(next, from: jitter)
      case .gap: pause()
      case .waiting: wait()
      }
    }
    // A buffer that gives only empty packets must not stop the clock.
    if count < frameCount { addSilence(frameCount - count) }
  }

  private mutating func take(_ slot: JitterSlot, from jitter: inout JitterBuffer) {
    if slot.payloadType != payloadType {
      if let found = formats.first(where: { $0.payloadType == slot.payloadType }) {
        payloadType = found.payloadType
        if found.format != format { use(found.format) }
      } else if slot.payloadType == comfortNoise {
        if let payload = ComfortNoisePayload(jitter.payload(of: slot)) { noiseLevel = -Float(payload.level) }
        return pause()
      }
    }
    guard let format,
      let ticks = AudioDecoder.packetDuration(format, payload: jitter.payload(of: slot)), ticks > 0
    else { return conceal(packetSamples) }
    let duration = min(ticks * rate / max(format.clockRate, 1), rate * Self.longestPacket / 1_000)
    noiseLevel = nil
    if format.codec == .opus { audibleRate = Self.audibleRate(jitter.payload(of: slot)) }
    if isVirtual {
      count = min(count + duration, samples.count)
    } else {
      count += Self.decode(jitter.payload(of: slot), by: &decoder, into: &samples, at: count)
    }
    packetSamples = duration
    jitter.played(ticks: Int64(ticks))
    adapt(to: jitter.delayAdvice)
  }

  /// A packet is missing: make up for its time, from the copy in the next one if there is one.
  private mutating func bridge(_ next: JitterSlot?, from jitter: borrowing JitterBuffer) {
    if let next, format?.codec == .opus, !isVirtual {
      framesConcealed &+= 1
      let end = min(count + packetSamples, samples.count)
      count += Self.decodeLost(jitter.payload(of: next), by: &decoder, into: &samples, count..<end)
    } else {
      conceal(packetSamples)
    }
  }

  /// The stream has run dry: bridge a moment, nothing is taken from it.
  private mutating func wait() { conceal(frameCount - count) }

  /// The sender pauses: its comfort noise, or silence.
  private mutating func pause() { addNoise(frameCount - count) }

  private mutating func addNoise(_ wanted: Int) {
    guard let noiseLevel, !isVirtual else { return addSilence(wanted) }
    let wanted = max(min(wanted, samples.count - count), 0)
    Self.generate(noiseLevel, by: &noise, into: &samples, count..<count + wanted)
    count += wanted
  }

  private mutating func conceal(_ wanted: Int) {
    // In a pause there is no voice to go on with.
    if noiseLevel != nil { return addNoise(wanted) }
    let wanted = max(min(wanted, samples.count - count), 0)
    guard !isVirtual, decoder != nil, wanted > 0 else { return addSilence(wanted) }
    framesConcealed &+= 1
    let made = Self.conceal(by: &decoder, into: &samples, count..<count + wanted)
    count += made
    if made < wanted { addSilence(wanted - made) }
  }

  private mutating func addSilence(_ wanted: Int) {
    let wanted = max(min(wanted, samples.count - count), 0)
    if !isVirtual { for index in count..<count + wanted { samples[index] = 0 } }
    count += wanted
  }

  /// Shortens or lengthens what waits, by a pitch period of audio or, where nobody hears it, by 10 ms.
  private mutating func adapt(to advice: DelayAdvice) {
    let step = rate / 100
    switch advice {
    case .keep: break
    case .accelerate:
      if isVirtual {
        count = max(count - step, 0)
      } else {
        stretch(shorter: true)
      }
    case .expand:
      if isVirtual {
        count = min(count + step, samples.count)
      } else {
        stretch(shorter: false)
      }
    }
  }

  private static func audibleRate(_ packet: Span<UInt8>) -> Int {
    packet.count > 0 ? OpusPacket.audibleRate(packet[0]) : 48_000
  }

  // These work on the store alone: a span of it locks whatever it is a part of.

  private static func decode(
    _ payload: Span<UInt8>, by decoder: inout AudioDecoder?, into store: inout [Int16], at start: Int
  ) -> Int {
    var span = store.mutableSpan
    var room = span._mutatingExtracting(start..<span.count)
    return min(decoder?.decode(payload, into: &room) ?? 0, room.count)
  }

  private static func decodeLost(
    _ next: Span<UInt8>, by decoder: inout AudioDecoder?, into store: inout [Int16], _ range: Range<Int>
  ) -> Int {
    var span = store.mutableSpan
    var room = span._mutatingExtracting(range)
    return min(decoder?.decodeLost(using: next, into: &room) ?? 0, room.count)
  }

  private static func conceal(by decoder: inout AudioDecoder?, into store: inout [Int16], _ range: Range<Int>) -> Int {
    var span = store.mutableSpan
    var room = span._mutatingExtracting(range)
    return min(decoder?.conceal(samples: range.count, into: &room) ?? 0, room.count)
  }

  private static func generate(
    _ level: Float, by noise: inout ComfortNoise, into store: inout [Int16], _ range: Range<Int>
  ) {
    var span = store.mutableSpan
    var room = span._mutatingExtracting(range)
    noise.generate(level: level, into: &room)
  }

  private mutating func stretch(shorter: Bool) {
    guard let scaler else { return }
    if stretched.count < samples.count { stretched = Array(repeating: 0, count: samples.count) }
    count = Self.stretch(samples, count: count, shorter: shorter, by: scaler, into: &stretched)
    swap(&samples, &stretched)
  }

  private static func stretch(
    _ store: [Int16], count: Int, shorter: Bool, by scaler: TimeScaler, into stretched: inout [Int16]
  ) -> Int {
    var output = stretched.mutableSpan
    let input = store.span.extracting(first: count)
    return shorter ? scaler.accelerate(input, into: &output) : scaler.expand(input, into: &output)
  }
}
