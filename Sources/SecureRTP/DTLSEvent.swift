/// What happened to a DTLS association.
package enum DTLSEvent: Hashable, Sendable {
  /// The handshake is done, and the peer is who it should be: SRTP may flow.
  case established(SRTPSession)
  /// The handshake is done, but nobody has said yet who the peer should be: `expect` will.
  case awaitsFingerprint
  /// The peer said good-bye.
  case closed
}
