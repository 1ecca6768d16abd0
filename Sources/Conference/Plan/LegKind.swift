/// What a leg's ports speak from the first datagram on. A leg keeps its kind for life.
package enum LegKind: Hashable, Sendable {
  /// RTP, or SRTP with keys from the session description, on two ports or one.
  case plain
  /// ICE, DTLS and SRTP on one port. Nothing goes in or out unprotected, whatever is agreed later.
  case webRTC
}
