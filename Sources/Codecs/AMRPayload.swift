/// A payload of AMR or AMR-WB, read without decoding it (RFC 4867, sections 4.3 and 4.4): one channel, no CRC, no interleaving.
///
/// ```
/// bandwidth-efficient: bits without gaps
///  0                   1                   2
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-
/// |  CMR  |1|  FT   |Q|0|  FT   |Q| d(0) …        F = 1: another entry follows
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-
///
/// octet-aligned: the request, each entry and each frame fill octets
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-
/// |  CMR  |R R R R|1|  FT   |Q|P P|0|  FT   |Q|P P| d(0) …
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-
/// ```
package struct AMRPayload: Sendable {
  /// Of 20 ms; RFC 3551, section 4.2, has receivers take up to 200 ms.
  package static let maximumFrames = 10
  /// Octets of the longest frame as it is stored, header included (RFC 4867, section 5.3).
  package static let maximumStoredFrame = 61
  /// The value of CMR that asks for nothing.
  package static let noRequest = 15

  package let band: AMRBand
  /// Frames, those that carry nothing included.
  package private(set) var count = 0
  /// CMR: what the sender of the payload wants to get; `AMRModeRequest` tells what that means.
  package let request: Int
  /// FT and Q of each entry, as `FT << 1 | Q`.
  private var entries = InlineArray<10, UInt8>(repeating: 0)
  /// The bit that each frame starts at.
  private var starts = InlineArray<10, Int>(repeating: 0)

  /// Nil if an entry has a type that must not come, if there are too many, or if the length is not what the entries say.
  package init?(_ payload: Span<UInt8>, band: AMRBand, octetAligned: Bool) {
    self.band = band
    let end = 8 &* payload.count
    guard payload.count > 0, payload.count <= 1_500 else { return nil }
    request = Int(payload[0] &>> 4)
    let entryBits = octetAligned ? 8 : 6
    var place = octetAligned ? 8 : 4
    var more = true
    while more {
      guard count < Self.maximumFrames, place &+ entryBits <= end else { return nil }
      let entry = Self.octet(payload, at: place) &>> 2
      more = entry & 0x20 != 0
      guard band.frameBits(Int(entry &>> 1 & 0xF)) != nil else { return nil }
      entries[count] = entry & 0x1F
      count &+= 1
      place = place &+ entryBits
    }
    for frame in 0..<count {
      starts[frame] = place
      let bits = band.frameBits(type(of: frame)) ?? 0
      place = place &+ (octetAligned ? (bits &+ 7) / 8 &* 8 : bits)
    }
    guard (place &+ 7) / 8 == payload.count else { return nil }
  }

  /// The mode that the sender of the payload wants to get; nil if it asks for none, or for what is no mode.
  package var modeRequest: Int? { request <= band.highestMode ? request : nil }

  /// 0…8 speech, or `band.silenceType`, or 14 or 15 for nothing.
  package func type(of frame: Int) -> Int { frame >= 0 && frame < count ? Int(entries[frame] &>> 1) : 15 }

  /// Q: false if the frame was damaged on its way to the sender of the payload.
  package func isGood(_ frame: Int) -> Bool { frame >= 0 && frame < count && entries[frame] & 1 == 1 }

  /// Whether a frame has bits to decode: not lost, not silence between two SID frames, not damaged.
  package func isDecodable(_ frame: Int) -> Bool { isGood(frame) && (band.frameBits(type(of: frame)) ?? 0) > 0 }

  /// Copies a frame as it is stored (RFC 4867, section 5.3): `0 FT Q 0 0`, then its bits, then zeros up to the octet. Returns
  /// octets, 0 if it does not fit. `payload` is the one that this was read from.
  package func copy(_ frame: Int, of payload: Span<UInt8>, into stored: inout MutableSpan<UInt8>) -> Int {
    guard frame >= 0, frame < count else { return 0 }
    let bits = band.frameBits(type(of: frame)) ?? 0
    let octets = (bits &+ 7) / 8
    let start = starts[frame]
    guard octets < stored.count, start &+ bits <= 8 &* payload.count else { return 0 }
    stored[0] = entries[frame] &<< 2
    for index in 0..<octets { stored[index &+ 1] = Self.octet(payload, at: start &+ 8 &* index) }
    if bits & 7 != 0 { stored[octets] &= 0xFF &<< UInt8(8 &- bits & 7) }
    return octets &+ 1
  }

  /// Samples; nil if the payload is badly framed.
  package static func duration(_ payload: Span<UInt8>, band: AMRBand, octetAligned: Bool) -> Int? {
    AMRPayload(payload, band: band, octetAligned: octetAligned).map { $0.count * band.frameSamples }
  }

  /// Eight bits from any bit on; zeros follow the payload.
  private static func octet(_ payload: Span<UInt8>, at place: Int) -> UInt8 {
    let index = place &>> 3
    let shift = UInt8(truncatingIfNeeded: place & 7)
    guard index < payload.count else { return 0 }
    let first = payload[index] &<< shift
    return shift == 0 || index &+ 1 >= payload.count ? first : first | payload[index &+ 1] &>> (8 &- shift)
  }
}
