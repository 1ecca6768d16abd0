import Primitives
import SDP

/// The sources that a call sends video with: chosen once for each section, so that what they count goes on.
struct VideoStreams: Hashable, Sendable {
  /// Pictures of others that one member gets at most; further sections are refused.
  static let maximumCount = 12

  private(set) var streams: [Int: LocalVideoStream] = [:]
  let canonicalName: String

  init(using random: inout RandomSource) { canonicalName = random.token(16) }

  /// Makes sources for the video sections of an offer.
  mutating func prepare(for offer: SessionDescription, using random: inout RandomSource) {
    for (index, section) in offer.media.enumerated() where section.media == "video" && streams[index] == nil {
      guard streams.count < Self.maximumCount else { return }
      streams[index] = LocalVideoStream(
        ssrc: UInt32(truncatingIfNeeded: random.next()), retransmission: UInt32(truncatingIfNeeded: random.next()),
        canonicalName: canonicalName)
    }
  }
}
