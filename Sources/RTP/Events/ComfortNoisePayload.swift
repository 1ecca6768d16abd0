/// Comfort noise: the level of the background while a sender pauses; RFC 3389, section 3, payload type 13.
///
/// ```
///  0                   1                   2
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |0|    level    |  reflection 1 |  reflection 2 | …
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ```
package struct ComfortNoisePayload: Hashable, Sendable {
  /// The static payload type at 8 kHz.
  package static let payloadType: UInt8 = 13

  /// −dBov, 0 (loudest) to 127.
  package var level: UInt8

  package init(level: UInt8) { self.level = min(level, 127) }

  /// Nil for an empty payload. The spectrum is passed over: level alone is what a mix can use.
  package init?(_ payload: Span<UInt8>) {
    guard payload.count >= 1 else { return nil }
    level = payload[0] & 0x7F
  }

  /// Writes one octet (a white spectrum) and returns 1; 0 if there is no room.
  package func write(into payload: inout MutableSpan<UInt8>) -> Int {
    guard payload.count >= 1 else { return 0 }
    payload[0] = level & 0x7F
    return 1
  }
}
