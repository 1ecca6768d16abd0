import Codecs

/// What a file is: its container, and the coding in it.
struct FileForm: Hashable, Sendable {
  enum Container: String, Hashable, Sendable {
    case wav = "WAV"
    case au = "AU"
    case oggOpus = "Ogg Opus"
    case oggSpeex = "Ogg Speex"
    case ilbc = "iLBC file"
    case amr = "AMR file"
    /// The codec's octets and nothing else.
    case headless = "headless"

    /// What goes into it; the first where nobody says otherwise.
    var codecs: [CodecChoice] {
      switch self {
      case .wav: [.pcm, .pcmu, .pcma]
      case .au: []
      case .oggOpus: [.opus]
      case .oggSpeex: [.speex]
      case .ilbc: [.ilbc]
      case .amr: [.amr, .amrWB]
      case .headless: CodecChoice.allCases.filter(\.isHeadless)
      }
    }
  }

  var container: Container
  var format: CodecFormat

  /// Samples that need no codec; `format` is then `l16`, whatever the order of their octets.
  var isLinear: Bool { format.codec == .l16 }

  var codecName: String { isLinear ? "PCM" : format.name }

  var text: String {
    let channels = format.channels == 1 ? "mono" : format.channels == 2 ? "stereo" : "\(format.channels) channels"
    return "\(container.rawValue), \(codecName), \(format.sampleRate) Hz, \(channels)"
  }
}
