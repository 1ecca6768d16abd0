/// Keys and connectivity: RFC 4568, RFC 8839, RFC 8842.
extension Negotiation {
  /// The most `a=candidate` and `a=fingerprint` lines of a peer that are looked at.
  private static let maximumCandidates = 32
  private static let maximumFingerprints = 8

  /// Nil if the section lacks what the transport needs.
  static func security(
    of section: MediaDescription, in description: SessionDescription, local: LocalMedia
  ) -> AgreedSecurity? {
    switch local.security {
    case .none: return AgreedSecurity.none
    case .sdes: return section.crypto.isEmpty ? nil : .sdes(section.crypto)
    case .dtls:
      func either(_ name: String) -> String? { section.attributes[name] ?? description.attributes[name] }
      let own = section.fingerprints
      let fingerprints = own.isEmpty ? description.attributes.all("fingerprint") : own
      // Media and its reports share one pair of ports: nothing else is offered here (RFC 8834, section 4.5).
      guard let ufrag = either("ice-ufrag"), let password = either("ice-pwd"), !fingerprints.isEmpty, section.hasRTCPMux
      else { return nil }
      return .dtls(
        AgreedDTLS(
          ufrag: ufrag, password: password, fingerprints: Array(fingerprints.prefix(maximumFingerprints)),
          isClient: either("setup") == "passive",
          candidates: Array(section.candidates.prefix(maximumCandidates))))
    }
  }

  /// - Parameter setup: `actpass` in offers.
  static func addSecurity(_ security: LocalSecurity, setup: String, to section: inout MediaDescription) {
    switch security {
    case .none: break
    case .sdes(let lines): for line in lines { section.attributes.append("crypto", line) }
    case .dtls(let dtls):
      section.attributes.append("ice-ufrag", dtls.ufrag)
      section.attributes.append("ice-pwd", dtls.password)
      section.attributes.append("fingerprint", dtls.fingerprint)
      section.attributes.append("setup", setup)
      for candidate in dtls.candidates { section.attributes.append("candidate", candidate) }
      section.attributes.append("end-of-candidates")
    }
  }

  /// What a description with DTLS says of itself: whether we are lite, and which sections share the ports (RFC 9143).
  static func addSession(_ local: LocalMedia, to description: inout SessionDescription) {
    guard case .dtls(let dtls) = local.security else { return }
    if dtls.isLite { description.attributes.append("ice-lite") }
    let bundled = description.media.filter { $0.port != 0 }.compactMap(\.mid)
    if !bundled.isEmpty { description.attributes.append("group", "BUNDLE " + bundled.joined(separator: " ")) }
  }
}
