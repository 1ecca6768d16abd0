/// Packets of G.729: frames of 10 ms at 8 kHz, then at most one SID frame of Annex B (RFC 3551, section 4.5.6).
///
/// ```
/// +-----------+-----------+---+-----------+------------+
/// | 10 octets | 10 octets | … | 10 octets | (2 octets) |   8 kbit/s; the SID frame has 15 bits and a spare one
/// +-----------+-----------+---+-----------+------------+
/// ```
package enum G729Packet {
  package static let frameOctets = 10
  package static let silenceOctets = 2
  package static let frameSamples = 80
  /// RFC 3551, section 4.2, has receivers take up to 200 ms.
  package static let maximumFrames = 20

  /// Samples; nil if the packet is empty, too long or no such row of frames.
  package static func duration(_ payload: Span<UInt8>) -> Int? {
    let rest = payload.count % frameOctets
    guard payload.count > 0, rest == 0 || rest == silenceOctets else { return nil }
    let frames = payload.count / frameOctets + (rest == 0 ? 0 : 1)
    return frames <= maximumFrames ? frames * frameSamples : nil
  }
}
