/// Packets of GSM 06.10 full rate: whole frames of 160 samples at 8 kHz (RFC 3551, section 4.5.8).
///
/// ```
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |1 1 0 1|   LARc 1  |   LARc 2  |  LARc 3 |  LARc 4 | LARc 5| LA…
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
///                                 sub-frame, 4 times from octet 5 on:
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |      Nc     | bc| Mc|  xmaxc    | 13 times xmc, 3 bits each  …
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ```
package enum GSMPacket {
  package static let frameOctets = 33
  package static let frameSamples = 160
  /// Of 20 ms; RFC 3551, section 4.2, has receivers take up to 200 ms.
  package static let maximumFrames = 10

  /// Samples; nil if it is no whole number of frames, or one lacks its signature.
  package static func duration(_ payload: Span<UInt8>) -> Int? {
    let frames = payload.count / frameOctets
    guard frames > 0, frames <= maximumFrames, payload.count == frames * frameOctets else { return nil }
    for frame in 0..<frames where payload[frame &* frameOctets] &>> 4 != 0xD { return nil }
    return frames &* frameSamples
  }
}
