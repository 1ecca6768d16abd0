import Codecs
import SDP

/// A codec as a caller offers it: the only one of its offer, so that the server has no choice.
enum CallerFormat: String, CaseIterable, Sendable, Hashable, Codable {
  case pcmu, pcma, g722, opus, l16, g726, speex, ilbc, gsm, amr
  case speexWB = "speex-wb"
  case amrWB = "amr-wb"

  /// As they are written on the command line.
  static let names = allCases.map(\.rawValue).joined(separator: ", ")

  var codec: CodecFormat {
    switch self {
    case .pcmu: .pcmu
    case .pcma: .pcma
    case .g722: .g722
    case .opus: .opus
    case .l16: .l16(16_000)
    case .g726: .g726(.kilobits32)
    case .speex: .speex(8_000)
    case .speexWB: .speex(16_000)
    case .ilbc: .ilbc(.twentyMilliseconds)
    case .gsm: .gsm
    case .amr: .amr
    case .amrWB: .amrWB
    }
  }

  /// Hertz of the samples that its encoder wants and its decoder gives.
  var sampleRate: Int { codec.sampleRate }

  var capability: AudioCapability {
    let row = CodecTable.row(codec)
    return AudioCapability(
      encodingName: row?.encodingName ?? rawValue, clockRate: codec.clockRate,
      channels: row?.encodingParameters.flatMap { Int($0) } ?? 1, staticPayloadType: row?.staticPayloadType,
      fmtp: codec.fmtp.isEmpty ? nil : codec.fmtp)
  }

  /// What a plan's streams are sent with when it says no number.
  var usualPayloadType: UInt8 { capability.staticPayloadType ?? (self == .opus ? 111 : 96) }

  /// Ticks of the RTP clock in a packet of 20 ms.
  var ticksPerPacket: UInt32 { UInt32(clamping: codec.clockRate / 50) }
}
