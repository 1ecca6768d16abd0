/// How the media of a section is protected, as both ends agreed.
package enum AgreedSecurity: Hashable, Sendable {
  case none
  /// The peer's `a=crypto` values (RFC 4568).
  case sdes([String])
  case dtls(AgreedDTLS)

  /// Whether a later offer or answer of the same call may ask for `next`. Protection may be had later and is never lost; keys may be
  /// told anew; another certificate is another end of the call, which comes with ICE credentials of its own.
  package func mayBecome(_ next: AgreedSecurity) -> Bool {
    switch (self, next) {
    case (.none, _), (.sdes, .sdes): true
    case (.dtls(let former), .dtls(let new)):
      former.ufrag != new.ufrag || former.password != new.password
        || new.fingerprints.contains { print in former.fingerprints.contains { $0.lowercased() == print.lowercased() } }
    case (.sdes, .none), (.sdes, .dtls), (.dtls, .none), (.dtls, .sdes): false
    }
  }
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
