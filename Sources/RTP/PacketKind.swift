/// What a datagram on a media port is, by its first octets; RFC 7983, section 7, and RFC 5761, section 4.
package enum PacketKind: Hashable, Sendable {
  case stun, dtls, rtp, rtcp, other

  /// Looks at the first two octets only.
  package static func classify(_ packet: Span<UInt8>) -> PacketKind {
    guard packet.count >= 2 else { return .other }
    return classify(first: packet[0], second: packet[1])
  }

  /// 0…3 STUN, 20…63 DTLS, 128…191 RTP or RTCP; of these, packet types 192…223 are RTCP.
  package static func classify(first: UInt8, second: UInt8) -> PacketKind {
    switch first {
    case 0...3: .stun
    case 20...63: .dtls
    case 128...191: (192...223).contains(second) ? .rtcp : .rtp
    default: .other
    }
  }
}
