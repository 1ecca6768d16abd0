/// Packs frames into a payload of either form that `AMRPayload` shows (RFC 4867, sections 4.3 and 4.4).
package struct AMRPayloadWriter: Sendable {
  private let band: AMRBand
  private let octetAligned: Bool
  private let frames: Int
  private var done = 0
  /// The bit that the next frame goes to.
  private var place: Int

  /// Writes the mode request. Nil if the number of frames cannot be, or not even the table of contents fits.
  /// - Parameter modeRequest: the mode that is wanted from the receiver of the payload, or `AMRPayload.noRequest`.
  package init?(
    frames: Int, modeRequest: Int, band: AMRBand, octetAligned: Bool, into payload: inout MutableSpan<UInt8>
  ) {
    guard (1...AMRPayload.maximumFrames).contains(frames) else { return nil }
    self.band = band
    self.octetAligned = octetAligned
    self.frames = frames
    place = octetAligned ? 8 &+ 8 &* frames : 4 &+ 6 &* frames
    let octets = (place &+ 7) / 8
    guard octets <= payload.count else { return nil }
    for index in 0..<octets { payload[index] = 0 }
    payload[0] = UInt8(truncatingIfNeeded: modeRequest & 0xF) &<< 4
  }

  /// Octets that are written.
  package var octets: Int { (place &+ 7) / 8 }

  /// Adds a frame as it is stored (RFC 4867, section 5.3): its header, then its bits. False if it does not fit, is too short
  /// for its type, has a type that must not be sent, or is one too many.
  package mutating func append(_ stored: Span<UInt8>, into payload: inout MutableSpan<UInt8>) -> Bool {
    guard done < frames, stored.count > 0, let bits = band.frameBits(Int(stored[0] &>> 3 & 0xF)) else { return false }
    let octets = (bits &+ 7) / 8
    guard octets < stored.count, (place &+ bits &+ 7) / 8 <= payload.count else { return false }
    let more: UInt8 = done &+ 1 < frames ? 0x80 : 0
    let entry = more | stored[0] & 0x7C
    if octetAligned {
      payload[done &+ 1] = entry
    } else {
      // The entries' place was cleared, together with the start of the first frame's octet.
      Self.merge(entry, at: 4 &+ 6 &* done, into: &payload)
    }
    for index in 0..<octets {
      let left = bits &- 8 &* index
      let octet = left < 8 ? stored[index &+ 1] & 0xFF &<< UInt8(8 &- left) : stored[index &+ 1]
      Self.write(octet, bits: min(left, 8), at: place &+ 8 &* index, into: &payload)
    }
    place = place &+ (octetAligned ? 8 &* octets : bits)
    done = done &+ 1
    return true
  }

  /// Adds the six upper bits of an entry to what is there.
  private static func merge(_ entry: UInt8, at place: Int, into payload: inout MutableSpan<UInt8>) {
    let index = place &>> 3
    let shift = UInt8(truncatingIfNeeded: place & 7)
    payload[index] |= entry &>> shift
    if shift > 2 { payload[index &+ 1] |= entry &<< (8 &- shift) }
  }

  /// Writes up to eight bits; clears the rest of the octet that they begin in, and of the next if they reach it.
  private static func write(_ octet: UInt8, bits: Int, at place: Int, into payload: inout MutableSpan<UInt8>) {
    let index = place &>> 3
    let shift = UInt8(truncatingIfNeeded: place & 7)
    if shift == 0 {
      payload[index] = octet
      return
    }
    payload[index] = payload[index] & ~(0xFF &>> shift) | octet &>> shift
    if Int(shift) &+ bits > 8 { payload[index &+ 1] = octet &<< (8 &- shift) }
  }
}
