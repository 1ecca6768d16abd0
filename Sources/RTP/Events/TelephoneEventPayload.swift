/// The payload of a named telephone event; RFC 4733, section 2.3.
///
/// ```
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |     event     |E|R| volume    |          duration             |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ```
package struct TelephoneEventPayload: Hashable, Sendable {
  package static let size = 4

  /// 0 to 9 digits, 10 *, 11 #, 12 to 15 A to D, 16 flash; section 3.2.
  package var event: UInt8
  package var end: Bool
  /// −dBm0, 0 to 63.
  package var volume: UInt8
  /// Since the packet's timestamp, in ticks of its clock.
  package var duration: UInt16

  package init(event: UInt8, end: Bool, volume: UInt8, duration: UInt16) {
    self.event = event
    self.end = end
    self.volume = volume & 0x3F
    self.duration = duration
  }

  /// Nil if the payload is shorter than 4 octets; more are passed over.
  package init?(_ payload: Span<UInt8>) {
    guard payload.count >= Self.size else { return nil }
    self.init(
      event: payload[0], end: payload[1] & 0x80 != 0, volume: payload[1] & 0x3F,
      duration: RTPHeader.bigEndian16(payload, 2))
  }

  /// Writes 4 octets to the start of `payload` and returns 4; 0 if there is no room.
  package func write(into payload: inout MutableSpan<UInt8>) -> Int {
    guard payload.count >= Self.size else { return 0 }
    payload[0] = event
    payload[1] = (end ? 0x80 : 0) | (volume & 0x3F)
    payload[2] = UInt8(truncatingIfNeeded: duration >> 8)
    payload[3] = UInt8(truncatingIfNeeded: duration)
    return Self.size
  }
}
