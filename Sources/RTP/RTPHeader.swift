/// The header of one RTP packet, read in place without an allocation; RFC 3550, section 5.1.
///
/// ```
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |V=2|P|X|  CC   |M|     PT      |       sequence number         |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                           timestamp                           |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |           synchronization source (SSRC) identifier            |
/// +=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+
/// |            contributing source (CSRC) identifiers             |
/// |                             ....                              |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |      defined by profile       |           length              |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                        header extension                       |
/// |                             ....                              |
/// ```
package struct RTPHeader: Hashable, Sendable {
  /// Octets of a header without contributors and extension: what `write` writes.
  package static let size = 12

  package var marker: Bool
  package var payloadType: UInt8
  package var sequence: UInt16
  package var timestamp: UInt32
  package var ssrc: UInt32
  /// The packet ended in padding, which `payloadCount` leaves out.
  package var padding: Bool
  /// Contributing sources, 0 to 15; they stand from octet 12.
  package var contributorCount: Int
  /// The payload's place in the packet.
  package var payloadOffset: Int
  /// Octets of payload without padding; may be 0.
  package var payloadCount: Int
  /// The header extension's "defined by profile" field, RFC 3550, section 5.3.1; nil without an extension.
  package var extensionProfile: UInt16?
  /// Where the extension's elements begin, and their octets (a multiple of 4).
  package var extensionOffset: Int
  package var extensionCount: Int

  package var payloadRange: Range<Int> { payloadOffset..<(payloadOffset &+ payloadCount) }

  /// Reads the header of a whole packet.
  package static func parse(_ packet: Span<UInt8>) throws(RTPError) -> RTPHeader {
    let count = packet.count
    guard count >= size else { throw .truncated }
    guard packet[0] >> 6 == 2 else { throw .version }
    let contributors = Int(packet[0] & 0x0F)
    var offset = size &+ contributors &* 4
    guard offset <= count else { throw .truncated }
    var profile: UInt16?
    var extensionOffset = 0
    var extensionCount = 0
    if packet[0] & 0x10 != 0 {
      guard offset &+ 4 <= count else { throw .truncated }
      profile = bigEndian16(packet, offset)
      extensionCount = Int(bigEndian16(packet, offset &+ 2)) &* 4
      extensionOffset = offset &+ 4
      offset = extensionOffset &+ extensionCount
      guard offset <= count else { throw .truncated }
    }
    var end = count
    let padding = packet[0] & 0x20 != 0
    if padding {
      guard offset < count else { throw .padding }
      let octets = Int(packet[count &- 1])
      guard octets > 0, octets <= count &- offset else { throw .padding }
      end = count &- octets
    }
    return RTPHeader(
      marker: packet[1] & 0x80 != 0, payloadType: packet[1] & 0x7F, sequence: bigEndian16(packet, 2),
      timestamp: bigEndian32(packet, 4), ssrc: bigEndian32(packet, 8), padding: padding,
      contributorCount: contributors, payloadOffset: offset, payloadCount: end &- offset,
      extensionProfile: profile, extensionOffset: extensionOffset, extensionCount: extensionCount)
  }

  /// Writes a header of 12 octets to the start of `packet` and returns 12; returns 0 and writes nothing if there is no room.
  package static func write(
    into packet: inout MutableSpan<UInt8>, payloadType: UInt8, marker: Bool, sequence: UInt16, timestamp: UInt32,
    ssrc: UInt32
  ) -> Int {
    guard packet.count >= size else { return 0 }
    packet[0] = 0x80
    packet[1] = (marker ? 0x80 : 0) | (payloadType & 0x7F)
    packet[2] = UInt8(truncatingIfNeeded: sequence >> 8)
    packet[3] = UInt8(truncatingIfNeeded: sequence)
    packet[4] = UInt8(truncatingIfNeeded: timestamp >> 24)
    packet[5] = UInt8(truncatingIfNeeded: timestamp >> 16)
    packet[6] = UInt8(truncatingIfNeeded: timestamp >> 8)
    packet[7] = UInt8(truncatingIfNeeded: timestamp)
    packet[8] = UInt8(truncatingIfNeeded: ssrc >> 24)
    packet[9] = UInt8(truncatingIfNeeded: ssrc >> 16)
    packet[10] = UInt8(truncatingIfNeeded: ssrc >> 8)
    packet[11] = UInt8(truncatingIfNeeded: ssrc)
    return size
  }

  /// Adds the one contributing source to a header that `write` has written, and returns where the packet goes on; nothing is
  /// added, and 12 returned, for 0 or without room.
  package static func add(contributor: UInt32, to packet: inout MutableSpan<UInt8>) -> Int {
    let end = size &+ 4
    guard contributor != 0, packet.count >= end else { return size }
    packet[0] |= 1
    packet[12] = UInt8(truncatingIfNeeded: contributor >> 24)
    packet[13] = UInt8(truncatingIfNeeded: contributor >> 16)
    packet[14] = UInt8(truncatingIfNeeded: contributor >> 8)
    packet[15] = UInt8(truncatingIfNeeded: contributor)
    return end
  }

  static func bigEndian16(_ packet: Span<UInt8>, _ at: Int) -> UInt16 {
    UInt16(packet[at]) << 8 | UInt16(packet[at &+ 1])
  }

  static func bigEndian32(_ packet: Span<UInt8>, _ at: Int) -> UInt32 {
    UInt32(bigEndian16(packet, at)) << 16 | UInt32(bigEndian16(packet, at &+ 2))
  }
}
