import Conference
import ICE
import SDP
import SecureRTP

extension MediaSecurity {
  /// What SDP agreed; nil if the peer's words cannot be used.
  /// - Parameters:
  ///   - sending: our line, where keys are told in descriptions.
  ///   - local: what our description says of ICE.
  init?(_ agreed: AgreedSecurity, sending: SDESCrypto?, as local: ICECredentials?) {
    switch agreed {
    case .none: self = .none
    case .sdes(let lines):
      guard let sending, let theirs = SDESCrypto.choose(lines, allowing: [sending.profile]) else { return nil }
      self = .sdes(send: SDESKeys(sending), receive: SDESKeys(theirs))
    case .dtls(let peer):
      let fingerprints = peer.fingerprints.compactMap { Fingerprint($0) }
      guard let remote = ICECredentials(ufrag: peer.ufrag, password: peer.password), !fingerprints.isEmpty else {
        return nil
      }
      self = .dtls(
        DTLSPlan(
          localCredentials: local, remoteCredentials: remote, fingerprints: fingerprints, isClient: peer.isClient,
          remoteCandidates: peer.candidates.compactMap { ICECandidate($0) }))
    }
  }
}
