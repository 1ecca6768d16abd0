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

  /// One more frame of a loss: the block amplitudes go down by 4 steps (GSM 06.11, section 4), and so does the gain of the
  /// long-term predictor by one, without which a voice would ring on by itself.
  static func mute(_ frame: inout InlineArray<33, UInt8>) {
    for subframe in 0..<4 {
      let place = 5 &+ 7 &* subframe
      let amplitude = Int(frame[place &+ 1] & 0x1F) &<< 1 | Int(frame[place &+ 2] &>> 7)
      let muted = UInt8(truncatingIfNeeded: max(amplitude &- 4, 0))
      let gain = (frame[place] & 1) &<< 1 | frame[place &+ 1] &>> 7
      let lower = gain > 0 ? gain &- 1 : 0
      frame[place] = frame[place] & 0xFE | lower &>> 1
      frame[place &+ 1] = lower &<< 7 | frame[place &+ 1] & 0x60 | muted &>> 1
      frame[place &+ 2] = muted &<< 7 | frame[place &+ 2] & 0x7F
    }
  }
}
