import Audio
import Codecs

/// One file of a recording: the mix, or a member's voice on the same clock.
struct RecordingTrack {
  /// How the samples become octets.
  enum Medium {
    case wav(WAVWriter)
    case opus(OggOpusWriter)
    /// The member's picture, and the voice in Opus.
    case webm(WebMWriter)
  }

  /// Ticks that one write gathers.
  static let chunk = 10
  /// Ticks of silence that an Ogg file catches up at a time.
  static let catchUp: Int64 = 3_000

  let file: RecordingFile
  let name: String
  /// Nil for the mix.
  let leg: LegID?
  /// The member has left: nothing comes any more.
  var isClosed = false
  /// Ticks in the file so far, those that the disk did not take included.
  private(set) var position: Int64 = 0
  /// Octets that the queue did not take.
  var droppedOctets: Int64 = 0
  /// Pictures were left out, or none has come: others would lean on them.
  var awaitsKeyFrame = true
  var medium: Medium
  private var encoder: AudioEncoder
  private var silence: SilencePayload
  private var converter: OutputConverter
  let rate: Int
  private var frame: [Int16]
  private var packet = [UInt8](repeating: 0, count: PayloadBoard.maximumPayload)
  private var pending: [UInt8] = []
  private var gathered = 0
  /// Octets of a WAV that must be made up for with zeros before anything else.
  private var owed: Int64 = 0

  init?(
    file: RecordingFile, leg: LegID?, plan: RecordingPlan, picture: WebMTracks.Video? = nil, settings: EncoderSettings,
    rates: RateSwitch, serial: UInt32
  ) {
    self.file = file
    self.leg = leg
    let stem = leg.map { String($0.rawValue) } ?? "mix"
    switch picture == nil ? plan.format : .opus {
    case .wav:
      rate = RateSwitch.rate(best: plan.sampleRate, maximum: 48_000)
      medium = .wav(WAVWriter(sampleRate: rate))
      encoder = .l16(sampleRate: rate, channels: 1)
      silence = SilencePayload(format: .l16(rate), packetTime: 20, settings: settings)
      name = stem + ".wav"
    case .opus:
      guard let encoder = try? settings.makeEncoder(format: .opus) else { return nil }
      self.encoder = encoder
      rate = encoder.inputRate
      silence = SilencePayload(format: .opus, packetTime: 20, settings: settings)
      if let picture {
        let voice = WebMTracks.Audio(
          preSkip: UInt16(clamping: Self.preSkip(of: encoder)), inputRate: UInt32(clamping: rate))
        medium = .webm(WebMWriter(WebMTracks(video: picture, audio: voice)))
        name = stem + ".webm"
      } else {
        medium = .opus(OggOpusWriter(serial: serial))
        name = stem + ".opus"
      }
    }
    converter = OutputConverter(from: rates, to: rate)
    frame = Array(repeating: 0, count: rate / 50)
  }

  mutating func set(complexity: Int) { encoder.set(complexity: complexity) }

  /// Samples a second that the file counts in.
  var sampleRate: Int {
    switch medium {
    case .wav: rate
    case .opus, .webm: 48_000
    }
  }

  var recorded: RecordedFile {
    RecordedFile(
      name: name, leg: leg, samples: position * Int64(sampleRate / 50), sampleRate: sampleRate, octets: 0, sha256: "",
      droppedOctets: droppedOctets)
  }

  /// The file's first octets.
  mutating func start(_ writes: inout WriteQueue) {
    writes.append(.create(file, name: name))
    switch medium {
    case .wav(let writer): writes.append(.append(file, writer.start()))
    case .webm(let writer): writes.append(.append(file, writer.start()))
    case .opus(var writer):
      let head = writer.start(preSkip: preSkip, inputRate: rate)
      medium = .opus(writer)
      writes.append(.append(file, head))
    }
  }

  /// Samples at 48 kHz by which the encoder is late.
  var preSkip: Int { Self.preSkip(of: encoder) }

  private static func preSkip(of encoder: AudioEncoder) -> Int {
    guard case .opus(let opus) = encoder else { return 0 }
    return opus.lookahead * 48_000 / max(opus.sampleRate, 1)
  }

  /// 20 ms of the room or of a member; in the tick of a rate change at both rates.
  mutating func write(
    _ source: MixFrame.Source, of mix: MixFrame, former: MixFrame, rates: RateSwitch, to writes: inout WriteQueue
  ) {
    if let rate = rates.former {
      converter.convert(
        from: former.samples(source), rate: rate, to: mix.samples(source), rate: rates.rate, into: &frame, at: 0)
    } else {
      converter.convert(mix.samples(source), rate: rates.rate, into: &frame, at: 0)
    }
    store(to: &writes)
  }

  /// 20 ms of silence.
  mutating func writeSilence(to writes: inout WriteQueue) {
    for index in frame.indices { frame[index] = 0 }
    store(to: &writes)
  }

  /// Silence up to a tick of the recording. False if there is more left than can be done at a time.
  mutating func advance(to tick: Int64, _ writes: inout WriteQueue) -> Bool {
    guard position < tick else { return true }
    switch medium {
    case .wav(var writer):
      flush(to: &writes)
      owed += Int64(writer.skip(samples: Int(tick - position) * (rate / 50)))
      medium = .wav(writer)
      payOwed(to: &writes)
      position = tick
      return true
    case .opus, .webm:
      let goal = min(tick, position + Self.catchUp)
      while position < goal { writeSilence(to: &writes) }
      return position == tick
    }
  }

  private mutating func store(to writes: inout WriteQueue) {
    position += 1
    switch medium {
    case .wav(var writer):
      // The writer holds no memory of its own: the copy is free.
      Self.append(frame, by: &writer, to: &pending)
      medium = .wav(writer)
      gathered += 1
      if gathered == Self.chunk { flush(to: &writes) }
    case .opus, .webm: storePacket(samples: 960, to: &writes)
    }
  }

  mutating func storePacket(samples: Int, to writes: inout WriteQueue) {
    let count: Int
    switch silence.next(frame, from: 0, count: frame.count) {
    case .encode: count = Self.encode(frame, by: &encoder, into: &packet)
    case .payload, .nothing: count = Self.write(silence, into: &packet)
    }
    if isFilm {
      let octets = packet
      return storeVoice(octets.span.extracting(first: count), samples: samples, to: &writes)
    }
    guard case .opus(var writer) = medium else { return }
    // Moved out and back, so that its buffers are not copied.
    medium = .wav(WAVWriter(sampleRate: rate))
    let page = writer.append(packet.span.extracting(first: count), samples: samples)
    medium = .opus(writer)
    if !page.isEmpty { put(page, to: &writes) }
  }

  private static func append(_ frame: [Int16], by writer: inout WAVWriter, to pending: inout [UInt8]) {
    writer.append(frame.span, to: &pending)
  }

  private static func encode(_ frame: [Int16], by encoder: inout AudioEncoder, into packet: inout [UInt8]) -> Int {
    var target = packet.mutableSpan
    return encoder.encode(frame.span, into: &target)
  }

  private static func write(_ silence: SilencePayload, into packet: inout [UInt8]) -> Int {
    var target = packet.mutableSpan
    return silence.write(into: &target)
  }

  private mutating func flush(to writes: inout WriteQueue) {
    gathered = 0
    guard !pending.isEmpty else { return }
    let octets = pending
    pending = []
    pending.reserveCapacity(octets.count)
    put(octets, to: &writes)
  }

  private mutating func put(_ octets: [UInt8], to writes: inout WriteQueue) {
    guard writes.hasRoom(for: octets.count) else {
      droppedOctets += Int64(octets.count)
      // A WAV keeps its length: silence takes the place of what was lost. An Ogg file has lost a page.
      if case .wav = medium { owed += Int64(octets.count) }
      return
    }
    payOwed(to: &writes)
    writes.append(.append(file, octets))
  }

  private mutating func payOwed(to writes: inout WriteQueue) {
    if owed > 0 { writes.append(.zeros(file, owed)) }
    owed = 0
  }

  /// Brings the header up to date, unless the disk lags behind: then it must wait, until `isLast`.
  mutating func patch(_ writes: inout WriteQueue, isLast: Bool = false) {
    if isFilm { return flushFilm(to: &writes) }
    guard case .wav(let writer) = medium else { return }
    flush(to: &writes)
    guard isLast || writes.hasRoom(for: 4_096) else { return }
    // A header must not speak of octets that are not there.
    payOwed(to: &writes)
    for patch in writer.patches() {
      writes.append(.patch(file, offset: Int64(patch.offset), octets: patch.bytes))
    }
  }

  /// The file's last octets.
  mutating func finish(_ writes: inout WriteQueue) {
    switch medium {
    case .wav:
      patch(&writes, isLast: true)
    case .opus, .webm:
      // The encoder's delay: one more packet brings out the last samples, and the end is trimmed to the true length.
      for index in frame.indices { frame[index] = 0 }
      storePacket(samples: preSkip, to: &writes)
      if isFilm { return finishFilm(to: &writes) }
      guard case .opus(var writer) = medium else { return }
      writes.append(.append(file, writer.finish()))
      medium = .opus(writer)
    }
  }
}
