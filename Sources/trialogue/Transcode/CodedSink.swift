import Audio
import Codecs

/// Cuts samples into frames, codes them and wraps them up.
struct CodedSink: SampleSink {
  /// Octets that no packet is longer than.
  private static let longestPacket = 16_384

  private var encoder: AudioEncoder
  private var wrapping: FrameWrapping
  /// Interleaved; 2 of Opus alone.
  private let channels: Int
  /// Samples of a frame, of all channels.
  private let frame: Int
  /// What the last frame must be a multiple of; 0 where only whole frames are coded.
  private let group: Int
  /// Samples of silence, of all channels, that bring the last ones through encoder and decoder.
  private let delay: Int
  private var pending: [Int16] = []
  private var packet = Array(repeating: UInt8(0), count: CodedSink.longestPacket)
  /// Samples of all channels so far.
  private var taken = 0

  /// Samples of `sampleRate` hertz go into the file `form`.
  init(_ form: FileForm, sampleRate: Int, settings: TranscodeSettings) throws(CodecError) {
    let isStereo = form.format.codec == .opus && form.format.channels == 2
    channels = isStereo ? 2 : 1
    let bitRate = settings.bitRate ?? (sampleRate > 16_000 ? 32_000 : 24_000) * channels
    let complexity = settings.complexity ?? 9
    if isStereo {
      encoder = .opus(try OpusEncoder(sampleRate: sampleRate, channels: 2, bitRate: bitRate, complexity: complexity))
    } else {
      var mono = form.format
      mono.channels = 1
      encoder = try AudioEncoder(format: mono, sampleRate: sampleRate, bitRate: bitRate, complexity: complexity)
    }
    CodedSink.tune(encoder, settings)
    let (length, group) = CodedSink.frame(form.format, sampleRate: sampleRate, wanted: settings.frame)
    (frame, self.group) = (length * channels, group)
    switch encoder {
    case .opus(let opus): delay = opus.lookahead * channels
    case .speex(let speex, _): delay = speex.lookahead + CodecDelay.speexDecoder(sampleRate: sampleRate)
    default: delay = CodecDelay.samples(form.format)
    }
    wrapping = FrameWrapping(form, encoder: encoder, sampleRate: sampleRate, frame: length)
  }

  /// What the encoders of `AudioEncoder` do not take from it.
  private static func tune(_ encoder: AudioEncoder, _ settings: TranscodeSettings) {
    switch encoder {
    case .speex(let speex, _):
      if let bitRate = settings.bitRate {
        speex.set(quality: SpeexQuality.best(bitRate: bitRate, sampleRate: speex.sampleRate))
      }
      if let complexity = settings.complexity { speex.set(complexity: complexity) }
    case .amr(let amr, _): if let bitRate = settings.bitRate { amr.set(bitRate: bitRate) }
    default: break
    }
  }

  /// Samples of a frame, and what a shorter last one must be a multiple of.
  private static func frame(_ format: CodecFormat, sampleRate: Int, wanted: Int?) -> (frame: Int, group: Int) {
    switch (format.codec, format.parameters) {
    // Files of these know no frames: long ones cost less.
    case (.pcmu, _), (.pcma, _), (.l16, _): (4_096, 1)
    case (.g722, _): (4_096, 2)
    case (.g726, .g726(let bitRate, _)): (4_096, bitRate.samplesPerGroup)
    case (.opus, _): (sampleRate * (wanted ?? 20) / 1_000, 0)
    default: (sampleRate * format.frameTime / 1_000, 0)
    }
  }

  var patches: [FilePatch] { wrapping.patches }

  mutating func start(into octets: inout [UInt8]) { wrapping.start(into: &octets) }

  mutating func append(_ samples: Span<Int16>, into octets: inout [UInt8]) {
    taken += samples.count
    push(samples, into: &octets)
  }

  mutating func finish(into octets: inout [UInt8]) {
    let silence = Array(repeating: Int16(0), count: delay)
    push(silence.span, into: &octets)
    if !pending.isEmpty {
      let unit = group > 0 ? group : frame
      let missing = (unit - pending.count % unit) % unit
      pending.append(contentsOf: repeatElement(0, count: missing))
      let last = pending
      code(last.span, into: &octets)
    }
    wrapping.finish(samples: taken / channels, into: &octets)
  }

  private mutating func push(_ samples: Span<Int16>, into octets: inout [UInt8]) {
    var place = 0
    if !pending.isEmpty {
      place = min(frame - pending.count, samples.count)
      for index in 0..<place { pending.append(samples[index]) }
      guard pending.count == frame else { return }
      let whole = pending
      code(whole.span, into: &octets)
      pending.removeAll(keepingCapacity: true)
    }
    while place + frame <= samples.count {
      code(samples.extracting(place..<place + frame), into: &octets)
      place += frame
    }
    for index in place..<samples.count { pending.append(samples[index]) }
  }

  private mutating func code(_ samples: Span<Int16>, into octets: inout [UInt8]) {
    // Out of `self` as long as spans of it are.
    var packet: [UInt8] = []
    swap(&packet, &self.packet)
    defer { swap(&packet, &self.packet) }
    var count = 0
    do {
      var span = packet.mutableSpan
      count = encoder.encode(samples, into: &span)
    }
    wrapping.append(packet.span.extracting(0..<count), samples: samples.count / channels, into: &octets)
  }
}
