/// A packet sent once more in a stream of its own; RFC 4588, section 4.
///
/// ```
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                RTP header, and extension if any               |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |            OSN                |                               |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+                               |
/// |                  original RTP packet payload                  |
/// ```
package enum RTXPacket {
  /// Octets of the original sequence number (OSN).
  package static let overhead = 2

  /// Turns a received packet of the retransmission stream into the one that it repeats, in place: payload type, sequence
  /// number and source of the original, and the OSN's octets closed up. Returns its octets; nil for a packet that repeats
  /// nothing, such as padding sent to probe, or if `packet` is shorter than the header says.
  package static func restore(
    _ packet: inout MutableSpan<UInt8>, header: RTPHeader, payloadType: UInt8, ssrc: UInt32
  ) -> Int? {
    let start = header.payloadOffset
    let end = start &+ header.payloadCount
    guard start >= RTPHeader.size, header.payloadCount >= overhead, end <= packet.count else { return nil }
    let high = packet[start]
    let low = packet[start &+ 1]
    for index in (start &+ overhead)..<max(end, start &+ overhead) { packet[index &- overhead] = packet[index] }
    // What was padded is no longer.
    packet[0] &= ~0x20
    packet[1] = packet[1] & 0x80 | payloadType & 0x7F
    packet[2] = high
    packet[3] = low
    for index in 0..<4 { packet[8 &+ index] = UInt8(truncatingIfNeeded: ssrc >> UInt32(24 &- 8 &* index)) }
    return end &- overhead
  }

  /// Writes a packet once more for the retransmission stream: its header and extension with other numbers, OSN, payload.
  /// Returns the octets written; nil, and nothing is written, if there is no room for them.
  package static func write(
    _ original: Span<UInt8>, header: RTPHeader, into packet: inout MutableSpan<UInt8>, payloadType: UInt8,
    sequence: UInt16, ssrc: UInt32
  ) -> Int? {
    let start = header.payloadOffset
    let end = start &+ header.payloadCount
    guard start >= RTPHeader.size, end <= original.count, end &+ overhead <= packet.count else { return nil }
    for index in 0..<start { packet[index] = original[index] }
    for index in start..<max(start, end) { packet[index &+ overhead] = original[index] }
    packet[start] = original[2]
    packet[start &+ 1] = original[3]
    packet[0] &= ~0x20
    packet[1] = original[1] & 0x80 | payloadType & 0x7F
    packet[2] = UInt8(truncatingIfNeeded: sequence >> 8)
    packet[3] = UInt8(truncatingIfNeeded: sequence)
    for index in 0..<4 { packet[8 &+ index] = UInt8(truncatingIfNeeded: ssrc >> UInt32(24 &- 8 &* index)) }
    return end &+ overhead
  }
}
