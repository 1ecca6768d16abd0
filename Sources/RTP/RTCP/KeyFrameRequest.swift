/// A receiver asks for a key frame: picture loss indication (RFC 4585, section 6.3.1; payload-specific, format 1, without
/// information) or full intra request (RFC 5104, section 4.3.1; format 4).
///
/// An entry of a full intra request:
/// ```
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                              SSRC                             |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// | Seq nr.       |    Reserved                                   |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ```
package enum KeyFrameRequest: Hashable, Sendable {
  /// Decoding has failed; the sender answers as it sees fit.
  case pictureLoss
  /// A new receiver needs a whole picture. The same number again is the same request repeated.
  case fullIntra(UInt8)

  private static let pictureLossFormat: UInt8 = 1
  private static let fullIntraFormat: UInt8 = 4
  /// More entries than this in one request are left out.
  package static let maximumEntries = 32

  /// Calls `found` with each source of which the feedback asks a key frame; none if it is other feedback.
  package static func read(_ feedback: Feedback, _ found: (UInt32, KeyFrameRequest) -> Void) {
    guard feedback.layer == .payload else { return }
    if feedback.format == pictureLossFormat {
      found(feedback.media, .pictureLoss)
    } else if feedback.format == fullIntraFormat {
      let octets = feedback.information.span
      var offset = 0
      while offset &+ 8 <= octets.count, offset < maximumEntries &* 8 {
        found(RTPHeader.bigEndian32(octets, offset), .fullIntra(octets[offset &+ 4]))
        offset &+= 8
      }
    }
  }

  package func feedback(sender: UInt32, media: UInt32) -> Feedback {
    switch self {
    case .pictureLoss:
      return Feedback(layer: .payload, format: Self.pictureLossFormat, sender: sender, media: media, information: [])
    case .fullIntra(let number):
      var information = (0..<4).map { UInt8(truncatingIfNeeded: media >> UInt32(24 &- 8 &* $0)) }
      information += [number, 0, 0, 0]
      // The header's media source is not used (section 4.3.1.2).
      return Feedback(
        layer: .payload, format: Self.fullIntraFormat, sender: sender, media: 0, information: information)
    }
  }
}
