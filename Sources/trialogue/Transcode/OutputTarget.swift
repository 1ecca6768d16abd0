import Audio
import Codecs

/// Where the output goes, and what it is to be.
struct OutputTarget: Hashable, Sendable {
  let path: String
  let codec: CodecChoice
  let container: FileForm.Container
  /// Hertz, nil to follow the input.
  let rate: Int?
  let settings: TranscodeSettings

  /// By the name's ending and what was asked; throws what contradicts itself.
  init(path: String, settings: TranscodeSettings) throws(TranscodeFailure) {
    func wrong(_ text: String) -> TranscodeFailure { TranscodeFailure(path, text, isUsage: true) }
    self.path = path
    self.settings = settings
    let ending = FileEnding(path: path)
    if let ending {
      guard ending.container != .au else { throw wrong("AU files are read, not written: write .wav") }
      codec = settings.codec ?? ending.codec
      // An .ogg file takes either.
      container =
        ending.container == .oggOpus && codec == .speex && !path.hasSuffix(".opus") ? .oggSpeex : ending.container
    } else {
      guard let asked = settings.codec, asked.isHeadless else {
        throw wrong("what shall this be? Give it one of the endings \(FileEnding.names)")
      }
      codec = asked
      container = .headless
    }
    guard container.codecs.contains(codec) else {
      throw wrong(
        "a file of this name holds \(container.codecs.map(\.rawValue).joined(separator: ", ")), "
          + "not \(codec.rawValue): write .\(codec.ending)"
      )
    }
    let rate = settings.rate ?? ending?.sampleRate
    if let rate, let rates = codec.rates, !rates.contains(rate) {
      throw wrong("\(codec.rawValue) has \(rates.map(String.init).joined(separator: ", ")) Hz, not \(rate)")
    }
    if let rate, !Resampler.isSupported(rate) {
      throw wrong("--rate \(rate): the rates are \(Resampler.rates.map(String.init).joined(separator: ", ")) Hz")
    }
    self.rate = rate ?? (codec.rates?.count == 1 ? codec.rates?.first : nil)
    try check(settings)
  }

  private func check(_ settings: TranscodeSettings) throws(TranscodeFailure) {
    func wrong(_ text: String) -> TranscodeFailure { TranscodeFailure(path, text, isUsage: true) }
    if let frame = settings.frame, !codec.frames.contains(frame) {
      let choice = codec.frames.sorted().map(String.init).joined(separator: ", ")
      throw wrong(
        codec.frames.isEmpty
          ? "\(codec.rawValue) offers no choice of frames: leave --frame out"
          : "--frame \(frame): \(codec.rawValue) has \(choice) ms")
    }
    if settings.bitRate != nil, !codec.takesBitRate {
      throw wrong("\(codec.rawValue) has one bit rate: leave --bit-rate out")
    }
    if let complexity = settings.complexity {
      guard let range = codec.complexities else {
        throw wrong("\(codec.rawValue) has no --complexity: leave it out")
      }
      guard range.contains(complexity) else {
        throw wrong("--complexity \(complexity): \(codec.rawValue) has \(range.lowerBound) to \(range.upperBound)")
      }
    }
  }

  /// What is written for an input of this rate and so many channels.
  func form(inputRate: Int, inputChannels: Int) -> FileForm {
    let channels = channels(of: inputChannels)
    let rate =
      rate ?? codec.rates.map { rates in rates.first { $0 >= inputRate } ?? rates.last ?? inputRate } ?? inputRate
    // What gains nothing by more than wideband: speech.
    let chosen = codec == .speex && self.rate == nil ? min(rate, 16_000) : rate
    return FileForm(
      container: container, format: codec.format(sampleRate: chosen, channels: channels, frame: settings.frame))
  }

  /// Hertz of the samples that the encoder wants: the format of Opus says 48,000 whatever they are.
  func encoderRate(_ form: FileForm, inputRate: Int) -> Int {
    guard codec == .opus else { return form.format.sampleRate }
    return rate ?? codec.rates?.first { $0 >= inputRate } ?? 48_000
  }

  /// What is made of an input's channels: stereo only where that is asked for, and both files can have it.
  func channels(of inputChannels: Int) -> Int { canBeStereo && settings.channels == 2 && inputChannels == 2 ? 2 : 1 }

  private var canBeStereo: Bool {
    switch container {
    case .wav, .oggOpus: true
    case .headless: codec == .pcm
    case .au, .oggSpeex, .ilbc, .amr: false
    }
  }
}
