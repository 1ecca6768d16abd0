import SecureRTP

/// The keys of one direction as a session description gave them; RFC 4568, section 6.1. Never printed.
package struct SDESKeys: Hashable, Sendable {
  package let profile: SRTPProfile
  package let keys: SRTPKeys

  package init(profile: SRTPProfile, keys: SRTPKeys) {
    self.profile = profile
    self.keys = keys
  }

  package init(_ crypto: SDESCrypto) { self.init(profile: crypto.profile, keys: crypto.keys) }
}
