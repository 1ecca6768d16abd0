/// What the end of a file's name says, where nothing better does.
struct FileEnding: Hashable, Sendable {
  var container: FileForm.Container
  var codec: CodecChoice
  /// Hertz of headless samples; nil if the ending does not say.
  var sampleRate: Int?

  /// For people.
  static let names =
    ".wav .au .raw .sln .ul .al .opus .ogg .spx .lbc .amr .awb .g722 .g726-16/24/32/40 .aal2-g726-16/24/32/40 .gsm"

  /// Nil for an ending that is not known.
  init?(path: String) {
    let name = path.split(separator: "/").last ?? ""
    guard let dot = name.lastIndex(of: ".") else { return nil }
    let ending = name[name.index(after: dot)...].lowercased()
    switch ending {
    case "wav", "wave": self.init(.wav, .pcm)
    case "au", "snd": self.init(.au, .pcm)
    case "raw", "pcm": self.init(.headless, .pcm)
    case "sln", "sln8": self.init(.headless, .pcm, 8_000)
    case "sln12": self.init(.headless, .pcm, 12_000)
    case "sln16": self.init(.headless, .pcm, 16_000)
    case "sln24": self.init(.headless, .pcm, 24_000)
    case "sln32": self.init(.headless, .pcm, 32_000)
    case "sln44": self.init(.headless, .pcm, 44_100)
    case "sln48": self.init(.headless, .pcm, 48_000)
    case "ul", "ulaw", "mulaw", "pcmu": self.init(.headless, .pcmu)
    case "al", "alaw", "pcma": self.init(.headless, .pcma)
    case "opus", "ogg", "oga": self.init(.oggOpus, .opus)
    case "spx": self.init(.oggSpeex, .speex)
    case "lbc", "ilbc": self.init(.ilbc, .ilbc)
    case "amr": self.init(.amr, .amr)
    case "awb": self.init(.amr, .amrWB)
    default:
      guard let codec = CodecChoice(rawValue: ending), codec.isHeadless else { return nil }
      self.init(.headless, codec)
    }
  }

  private init(_ container: FileForm.Container, _ codec: CodecChoice, _ sampleRate: Int? = nil) {
    self.container = container
    self.codec = codec
    self.sampleRate = sampleRate
  }
}
