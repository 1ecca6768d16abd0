/// How the media of a section is protected, as both ends agreed.
package enum AgreedSecurity: Hashable, Sendable {
  case none
  /// The peer's `a=crypto` values (RFC 4568).
  case sdes([String])
  case dtls(AgreedDTLS)
}

/// The peer's end of ICE and DTLS, as its description says it. Each value is the text of its attribute.
package struct AgreedDTLS: Hashable, Sendable {
  package var ufrag: String
  package var password: String
  package var fingerprints: [String]
  /// We open the handshake: the peer is passive (RFC 8842, section 5.2).
  package var isClient: Bool
  package var candidates: [String]
}
