/// How a leg's media is protected.
package enum MediaSecurity: Hashable, Sendable {
  /// RTP/AVP: not at all.
  case none
  /// RFC 4568: what we send is protected by the keys of our description, what comes by those of the peer's.
  case sdes(send: SDESKeys, receive: SDESKeys)
  /// WebRTC: ICE, DTLS-SRTP and rtcp-mux on one 5-tuple. For legs that were opened as `LegKind.webRTC`, and for no others.
  case dtls(DTLSPlan)
}
