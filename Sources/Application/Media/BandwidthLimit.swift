import Codecs
import Primitives
import SDP

/// What a peer is ready to take of one stream: `b=AS` counts the headers of IP, UDP and RTP (RFC 8866, section 5.8; RFC 3550,
/// section 6.2), `b=TIAS` only what is in the packets (RFC 3890). Where both are said, both hold.
struct BandwidthLimit: Hashable, Sendable {
  /// Bit/s of Opus for which longer packets are worth their delay: below, speech suffers more from the coding.
  static let opusSpeech = 12_000

  /// Bit/s with all headers; nil: no limit.
  private let whole: Int?
  /// Bit/s without them; nil: no limit.
  private let content: Int?
  /// Bits of a packet beside its payload.
  private let headers: Int

  init(_ audio: AgreedAudio) {
    whole = audio.bandwidth.map { min($0, 1_000_000) * 1_000 }
    content = audio.payloadBandwidth
    let ip = audio.remoteRTP?.ip.unmapped.isV6 == true ? 40 : 20
    let protection =
      switch audio.security {
      case .none: 0
      case .sdes: 10
      case .dtls: 16
      }
    headers = (ip + 8 + 12 + protection) * 8
  }

  /// Bit/s that are left for payloads of so many milliseconds, 0 at least; nil: no limit.
  func payload(packetTime: Int) -> Int? {
    let left = whole.map { max($0 - headers * 1_000 / max(packetTime, 1), 0) }
    guard let left else { return content }
    return min(left, content ?? left)
  }

  /// Whether a stream of the format stays within; of Opus, which can be told, whether enough is left for speech.
  func admits(_ format: CodecFormat, packetTime: Int) -> Bool {
    guard let left = payload(packetTime: packetTime) else { return true }
    guard format.codec == .opus else { return format.bitRate <= left }
    return min(format.opus.maxAverageBitRate ?? BandwidthLimit.opusSpeech, BandwidthLimit.opusSpeech) <= left
  }
}
