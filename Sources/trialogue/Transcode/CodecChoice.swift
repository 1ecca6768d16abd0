import ArgumentParser
import Codecs

/// The codings that a command line names.
enum CodecChoice: String, CaseIterable, Hashable, Sendable, ExpressibleByArgument {
  case pcm
  case pcmu
  case pcma
  case opus
  case speex
  case ilbc
  case amr
  case amrWB = "amr-wb"
  case gsm
  case g722
  case g726At16 = "g726-16"
  case g726At24 = "g726-24"
  case g726At32 = "g726-32"
  case g726At40 = "g726-40"
  case aal2g726At16 = "aal2-g726-16"
  case aal2g726At24 = "aal2-g726-24"
  case aal2g726At32 = "aal2-g726-32"
  case aal2g726At40 = "aal2-g726-40"

  static let names = allCases.map(\.rawValue).joined(separator: ", ")

  /// Whether its octets make a file without any header.
  var isHeadless: Bool {
    switch self {
    case .opus, .speex, .ilbc, .amr, .amrWB: false
    case .pcm, .pcmu, .pcma, .gsm, .g722, .g726At16, .g726At24, .g726At32, .g726At40, .aal2g726At16, .aal2g726At24,
      .aal2g726At32, .aal2g726At40:
      true
    }
  }

  /// The ending of the files that a batch makes.
  var ending: String {
    switch self {
    case .pcm, .pcmu, .pcma: "wav"
    case .speex: "spx"
    case .ilbc: "lbc"
    case .amrWB: "awb"
    case .opus, .amr, .gsm, .g722, .g726At16, .g726At24, .g726At32, .g726At40, .aal2g726At16, .aal2g726At24,
      .aal2g726At32, .aal2g726At40:
      rawValue
    }
  }

  /// Hertz that it can work at; nil: whatever can be resampled.
  var rates: [Int]? {
    switch self {
    case .pcm: nil
    case .opus: [8_000, 12_000, 16_000, 24_000, 48_000]
    case .speex: [8_000, 16_000, 32_000]
    case .amrWB, .g722: [16_000]
    case .pcmu, .pcma, .ilbc, .amr, .gsm, .g726At16, .g726At24, .g726At32, .g726At40, .aal2g726At16, .aal2g726At24,
      .aal2g726At32, .aal2g726At40:
      [8_000]
    }
  }

  /// Milliseconds that a frame can be asked to last; empty where there is no choice.
  var frames: [Int] {
    switch self {
    case .opus: [20, 10, 40, 60]
    case .ilbc: [20, 30]
    default: []
    }
  }

  /// Whether a bit rate can be asked for.
  var takesBitRate: Bool { [.opus, .speex, .amr, .amrWB].contains(self) }

  /// What can be asked of the encoder's effort.
  var complexities: ClosedRange<Int>? {
    switch self {
    case .opus: 0...10
    case .speex: 1...10
    default: nil
    }
  }

  /// The format at a rate of `rates`. `frame` in milliseconds counts for iLBC alone.
  func format(sampleRate: Int, channels: Int = 1, frame: Int? = nil) -> CodecFormat {
    switch self {
    case .pcm: return .l16(sampleRate, channels: channels)
    case .pcmu: return CodecFormat(codec: .pcmu, sampleRate: 8_000, clockRate: 8_000, channels: channels)
    case .pcma: return CodecFormat(codec: .pcma, sampleRate: 8_000, clockRate: 8_000, channels: channels)
    case .opus:
      var format = CodecFormat.opus
      format.channels = channels
      return format
    case .speex: return .speex(sampleRate)
    case .ilbc: return .ilbc(frame == 30 ? .thirtyMilliseconds : .twentyMilliseconds)
    case .amr, .amrWB:
      // In this form the payload of one frame is an octet before the frame as it is stored.
      var parameters = AMRParameters()
      parameters.octetAligned = true
      var format: CodecFormat = self == .amr ? .amr : .amrWB
      format.parameters = .amr(parameters)
      return format
    case .gsm: return .gsm
    case .g722: return .g722
    case .g726At16: return .g726(.kilobits16)
    case .g726At24: return .g726(.kilobits24)
    case .g726At32: return .g726(.kilobits32)
    case .g726At40: return .g726(.kilobits40)
    case .aal2g726At16: return .g726(.kilobits16, .aal2)
    case .aal2g726At24: return .g726(.kilobits24, .aal2)
    case .aal2g726At32: return .g726(.kilobits32, .aal2)
    case .aal2g726At40: return .g726(.kilobits40, .aal2)
    }
  }
}
