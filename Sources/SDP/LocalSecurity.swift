/// How this end's media is protected, as its descriptions say it. Each value is the text of its attribute.
package enum LocalSecurity: Hashable, Sendable {
  /// `RTP/AVP`
  case none
  /// `RTP/SAVP`: our `a=crypto` (RFC 4568), which for an answer bears the tag of the offer's line that was chosen.
  case sdes([String])
  /// `UDP/TLS/RTP/SAVPF`: WebRTC (RFC 8839, RFC 8842).
  case dtls(LocalDTLS)

  /// Sections name themselves and share their ports.
  var isBundled: Bool { if case .dtls = self { true } else { false } }

  /// The transports of `m=` lines that go with it; the first is what our offers say.
  func transports(plain: [String]) -> [String] {
    switch self {
    case .none: plain
    case .sdes: ["RTP/SAVP", "RTP/SAVPF"]
    case .dtls: ["UDP/TLS/RTP/SAVPF", "UDP/TLS/RTP/SAVP", "TCP/TLS/RTP/SAVPF", "RTP/SAVPF"]
    }
  }
}

/// This end of ICE and DTLS.
package struct LocalDTLS: Hashable, Sendable {
  package var ufrag: String
  package var password: String
  /// The value of `a=fingerprint`.
  package var fingerprint: String
  /// The values of `a=candidate`.
  package var candidates: [String]
  /// It waits for the other's checks (RFC 8445, section 2.5), as the server does; callers of a load test check.
  package var isLite: Bool

  package init(ufrag: String, password: String, fingerprint: String, candidates: [String], isLite: Bool = true) {
    self.ufrag = ufrag
    self.password = password
    self.fingerprint = fingerprint
    self.candidates = candidates
    self.isLite = isLite
  }
}
