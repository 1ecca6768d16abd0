/// What a DTLS handshake yields: a profile, and the keys of both directions; RFC 5764, section 4.2.
package struct SRTPSession: Hashable, Sendable {
  package let profile: SRTPProfile
  /// For what we send.
  package let outgoing: SRTPKeys
  /// For what the peer sends.
  package let incoming: SRTPKeys
}
