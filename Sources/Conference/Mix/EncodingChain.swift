import Audio
import Codecs

/// From the room's 20 ms frames to payloads: rate conversion, packet time, encoder, and silence without an encoder.
///
/// Packets begin at multiples of the packet time on the room's timeline, so that chains of one packet time are in step
/// and a listener can go from one to another between two packets.
struct EncodingChain {
  /// A payload that is ready in this tick.
  struct Packet: Sendable {
    /// Where its audio begins on the room's timeline, in milliseconds.
    var start: Int64
    /// Milliseconds of audio.
    var duration: Int
    var offset: Int
    /// 0 if the encoder sends nothing for this time (DTX).
    var count: Int
  }

  let format: CodecFormat
  /// Milliseconds.
  let packetTime: Int
  var encoder: AudioEncoder
  var limiter = SoftLimiter()
  var silence: SilencePayload
  /// What this tick has made: up to two packets.
  private(set) var first: Packet?
  private(set) var second: Packet?
  /// The next packet is to be understood by a decoder that has not heard those before.
  var standsAlone = false
  private(set) var isProtected = false
  private(set) var modeRequest = AMRModeRequest.best
  /// How often an encoder ran in this tick.
  private(set) var encodings = 0
  private var audible = AudibleRateHold()
  private var converter: OutputConverter
  private var pending: [Int16]
  private var pendingCount = 0
  /// Milliseconds on the room's timeline of the first pending sample; nil before the first frame.
  private var pendingStart: Int64?

  init(format: CodecFormat, packetTime: Int, settings: EncoderSettings, rates: RateSwitch) throws(CodecError) {
    let encoder = try settings.makeEncoder(format: format)
    self.format = format
    self.packetTime = packetTime
    self.encoder = encoder
    silence = SilencePayload(format: format, packetTime: packetTime, settings: settings)
    converter = OutputConverter(from: rates, to: encoder.inputRate)
    pending = Array(repeating: 0, count: encoder.inputRate * (packetTime + 20) / 1_000)
  }

  private init(copy other: EncodingChain) {
    format = other.format
    packetTime = other.packetTime
    encoder = other.encoder.fork()
    limiter = other.limiter
    silence = other.silence
    isProtected = other.isProtected
    modeRequest = other.modeRequest
    encoder.set(modeRequest: modeRequest)
    audible = other.audible
    converter = other.converter
    pending = other.pending
    pendingCount = other.pendingCount
    pendingStart = other.pendingStart
  }

  /// A chain in the same state that goes its own way: whoever hears it notices nothing.
  func fork() -> EncodingChain { EncodingChain(copy: self) }

  /// From now on packets carry copies of those before them (Opus in-band FEC), or no longer.
  mutating func protect(_ isOn: Bool) {
    guard isOn != isProtected else { return }
    isProtected = isOn
    // libopus makes copies of use from an expected loss of 10 per cent on (measured at 32 kbit/s: PESQ 3.2 at 5 per cent of
    // loss; told 5, it saves on the copies and PESQ is 2.1).
    encoder.set(inbandFEC: isOn, expectedLoss: isOn ? 10 : 0)
  }

  /// From now on frames are coded in the AMR mode that the listeners asked for.
  mutating func follow(_ request: AMRModeRequest) {
    guard request != modeRequest else { return }
    modeRequest = request
    encoder.set(modeRequest: request)
  }

  /// Mixes for a listener of its own.
  mutating func render(
    _ frame: inout MixFrame, _ listening: Listening, with play: [Int32]?, into output: inout [Int16]
  ) {
    frame.render(listening, with: play, limiter: &limiter, into: &output)
  }

  /// Forgets the packets of the last tick; for ticks without a frame.
  mutating func clear() {
    first = nil
    second = nil
    encodings = 0
  }

  /// Takes the frame of a tick at the room's rate; in the tick of a rate change the same frame at the rate before, too.
  /// - Parameter audibleRate: in hertz, twice the highest frequency in it.
  mutating func process(
    _ frame: [Int16], former: [Int16], rates: RateSwitch, audibleRate: Int, tick: Int64, board: inout PayloadBoard
  ) {
    clear()
    encoder.set(audibleRate: audible.follow(audibleRate))
    align(to: tick)
    let samples = frame.span.extracting(first: rates.rate / 50)
    if let rate = rates.former {
      converter.convert(
        from: former.span.extracting(first: rate / 50), rate: rate, to: samples, rate: rates.rate, into: &pending,
        at: pendingCount)
    } else {
      converter.convert(samples, rate: rates.rate, into: &pending, at: pendingCount)
    }
    pendingCount += converter.count
    emit(to: &board)
  }

  /// After a start, a pause or a jump of the timeline: silence up to the beginning of this tick.
  private mutating func align(to tick: Int64) {
    let now = tick &* 20
    let perMillisecond = encoder.inputRate / 1_000
    if let pendingStart, pendingStart &+ Int64(milliseconds(pendingCount)) == now { return }
    let phase = Int(now % Int64(packetTime))
    pendingStart = now &- Int64(phase)
    pendingCount = encoder.inputRate == 44_100 ? 44_100 * phase / 1_000 : perMillisecond * phase
    for index in 0..<pendingCount { pending[index] = 0 }
  }

  private func milliseconds(_ samples: Int) -> Int { samples * 1_000 / encoder.inputRate }

  private mutating func emit(to board: inout PayloadBoard) {
    let size = encoder.inputRate * packetTime / 1_000
    var taken = 0
    while pendingCount - taken >= size, size > 0, second == nil {
      encode(from: taken, count: size, to: &board)
      taken += size
    }
    if taken > 0 {
      pendingCount -= taken
      FrameArithmetic.moveUp(&pending, from: taken, count: pendingCount)
    }
  }

  private mutating func encode(from offset: Int, count: Int, to board: inout PayloadBoard) {
    let start = pendingStart ?? 0
    pendingStart = start &+ Int64(packetTime)
    let octets: Int
    switch silence.next(pending, from: offset, count: count) {
    case .encode:
      if standsAlone { encoder.set(prediction: false) }
      octets = Self.encode(pending, from: offset, count: count, by: &encoder, to: &board)
      if standsAlone {
        encoder.set(prediction: true)
        standsAlone = false
      }
      encodings += 1
    case .payload:
      var target = board.space()
      octets = silence.write(into: &target)
    case .nothing: octets = 0
    }
    let packet = Packet(start: start, duration: packetTime, offset: board.commit(octets), count: octets)
    if first == nil { first = packet } else { second = packet }
  }

  private static func encode(
    _ samples: [Int16], from offset: Int, count: Int, by encoder: inout AudioEncoder, to board: inout PayloadBoard
  ) -> Int {
    var target = board.space()
    return encoder.encode(samples.span.extracting(offset..<offset + count), into: &target)
  }
}
