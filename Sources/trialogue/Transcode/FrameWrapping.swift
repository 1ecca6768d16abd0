import Audio
import Codecs

/// Wraps coded frames up as a container has them.
struct FrameWrapping {
  private enum Kind {
    case headless
    case wav(CodedWAVWriter)
    case oggOpus(OggOpusWriter)
    case oggSpeex(OggSpeexWriter)
    case ilbc(ILBCFileWriter)
    case amr(AMRFileWriter)
  }

  private var kind: Kind
  /// Hertz of the samples that were coded.
  private let sampleRate: Int
  /// Of an Opus stream.
  private let channels: Int
  /// Samples at 48 kHz that an Opus decoder is late.
  private var preSkip = 0
  /// The Opus packet that waits until it is known whether it is the last.
  private var held: [UInt8] = []
  private var heldSamples = 0
  /// Samples at 48 kHz of the packets before it.
  private var passed = 0

  /// Streams of Ogg want a number to be told from others; each of our files has but one.
  private static let serial: UInt32 = 0x5452_4941

  init(_ form: FileForm, encoder: AudioEncoder, sampleRate: Int, frame: Int) {
    self.sampleRate = sampleRate
    channels = form.format.channels
    switch (form.container, encoder) {
    case (.wav, _):
      kind = .wav(CodedWAVWriter(form.format.codec == .pcma ? .alaw : .ulaw, channels: form.format.channels))
    case (.oggOpus, .opus(let opus)):
      kind = .oggOpus(OggOpusWriter(serial: FrameWrapping.serial))
      preSkip = opus.lookahead * 48_000 / sampleRate
    case (.oggSpeex, .speex(let speex, _)):
      let mode: OggSpeexHeader.Mode =
        sampleRate == 8_000 ? .narrowband : sampleRate == 16_000 ? .wideband : .ultraWideband
      kind = .oggSpeex(
        OggSpeexWriter(OggSpeexHeader(mode: mode), lookahead: speex.lookahead, serial: FrameWrapping.serial))
    case (.ilbc, _): kind = .ilbc(ILBCFileWriter(frameTime: form.format.frameTime))
    case (.amr, _): kind = .amr(AMRFileWriter(form.format.codec == .amr ? .narrow : .wide))
    case (.headless, _), (.au, _), (.oggOpus, _), (.oggSpeex, _): kind = .headless
    }
  }

  var patches: [FilePatch] { if case .wav(let writer) = kind { writer.patches() } else { [] } }

  mutating func start(into octets: inout [UInt8]) {
    switch kind {
    case .headless: break
    case .wav(let writer): octets += writer.start()
    case .oggOpus(var writer):
      octets += writer.start(preSkip: preSkip, inputRate: sampleRate, channels: channels)
      kind = .oggOpus(writer)
    case .oggSpeex(var writer):
      octets += writer.start()
      kind = .oggSpeex(writer)
    case .ilbc(let writer): octets += writer.start()
    case .amr(let writer): octets += writer.start()
    }
  }

  /// Takes the packet of one frame of so many samples.
  mutating func append(_ packet: Span<UInt8>, samples: Int, into octets: inout [UInt8]) {
    switch kind {
    case .headless: FrameWrapping.add(packet, to: &octets)
    case .wav(var writer):
      FrameWrapping.add(packet, to: &octets)
      writer.count(packet.count)
      kind = .wav(writer)
    case .oggOpus(var writer):
      kind = .headless
      flushHeld(heldSamples, with: &writer, into: &octets)
      held.removeAll(keepingCapacity: true)
      FrameWrapping.add(packet, to: &held)
      heldSamples = samples * (48_000 / sampleRate)
      kind = .oggOpus(writer)
    case .oggSpeex(var writer):
      kind = .headless
      octets += writer.append(packet)
      kind = .oggSpeex(writer)
    case .ilbc(var writer):
      octets += writer.append(packet)
      kind = .ilbc(writer)
    case .amr(var writer):
      // Behind the octet of the mode request lies the frame as it is stored.
      octets += writer.append(packet.extracting(min(1, packet.count)..<packet.count))
      kind = .amr(writer)
    }
  }

  /// The file has so many samples at the encoder's rate.
  mutating func finish(samples: Int, into octets: inout [UInt8]) {
    switch kind {
    case .headless, .ilbc, .amr: break
    case .wav(let writer): octets += writer.end()
    case .oggOpus(var writer):
      // The last position says where the sound ends (RFC 7845, section 4.4).
      let end = samples * (48_000 / sampleRate) + preSkip
      flushHeld(min(heldSamples, max(end - passed, 0)), with: &writer, into: &octets)
      octets += writer.finish()
      kind = .headless
    case .oggSpeex(var writer):
      octets += writer.finish(playedSamples: Int64(samples))
      kind = .headless
    }
  }

  private mutating func flushHeld(_ samples: Int, with writer: inout OggOpusWriter, into octets: inout [UInt8]) {
    guard heldSamples > 0 else { return }
    octets += writer.append(held.span, samples: samples)
    passed += samples
    heldSamples = 0
  }

  private static func add(_ packet: Span<UInt8>, to octets: inout [UInt8]) {
    let start = octets.count
    octets.append(contentsOf: repeatElement(0, count: packet.count))
    var output = octets.mutableSpan
    for index in 0..<packet.count { output[start &+ index] = packet[index] }
  }
}
