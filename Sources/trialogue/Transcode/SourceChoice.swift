import Audio
import Codecs

/// Tells what reads a file: by its content, then by what the command line says, then by its name.
enum SourceChoice {
  static func source(
    _ path: String, start: [UInt8], target: OutputTarget
  ) throws(TranscodeFailure) -> any SampleSource {
    let settings = target.settings
    if settings.inputCodec == nil, let kind = AudioFileKind(Array(start.prefix(AudioFileKind.needed))) {
      switch kind {
      case .wav: return StoredSource<WAVReader>()
      case .au: return StoredSource<AUReader>()
      case .oggOpus: return OpusSource(wantedRate: target.rate, channels: target.channels(of: 2))
      case .oggSpeex: return SpeexSource()
      case .ilbc: return FrameSource.ilbc
      case .amr, .amrWideband: return FrameSource.amr
      }
    }
    let ending = FileEnding(path: path)
    guard let codec = settings.inputCodec ?? headless(ending) else {
      guard let ending else {
        throw TranscodeFailure(
          path,
          "at octet 0: neither its content nor its name tells what it is; --from CODEC says what headless files hold")
      }
      throw TranscodeFailure(path, AudioFileError(.notA(ending.container.rawValue), at: 0))
    }
    guard codec.isHeadless else {
      throw TranscodeFailure(
        path, "--from \(codec.rawValue): such files say themselves what they are: leave --from out", isUsage: true)
    }
    guard codec == .pcm else { return HeadlessSource(codec, sampleRate: 8_000) }
    guard let rate = settings.inputRate ?? ending?.sampleRate ?? settings.rate else {
      throw TranscodeFailure(path, "headless samples do not tell their rate: say --input-rate HZ", isUsage: true)
    }
    return HeadlessSource(.pcm, sampleRate: rate)
  }

  private static func headless(_ ending: FileEnding?) -> CodecChoice? {
    guard let ending, ending.container == .headless else { return nil }
    return ending.codec
  }
}
