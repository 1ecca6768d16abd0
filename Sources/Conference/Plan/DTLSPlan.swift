import ICE
import SecureRTP

/// What signalling agreed for a browser's leg: who the peer is and how both find each other; RFC 8829 and RFC 8842.
package struct DTLSPlan: Hashable, Sendable {
  /// Ours: nil for those that the leg has. Others begin an ICE restart (RFC 8839, section 4.4.1.1.1), and so do other ones of
  /// the peer.
  package var localCredentials: ICECredentials?
  /// The peer's `a=ice-ufrag` and `a=ice-pwd`.
  package var remoteCredentials: ICECredentials
  /// The peer's `a=fingerprint`: its certificate must match one of them.
  package var fingerprints: [Fingerprint]
  /// We say hello: `a=setup:active` in our description.
  package var isClient: Bool
  /// Where the peer says that it is. Only kept for reports: a lite agent learns by checks.
  package var remoteCandidates: [ICECandidate]

  package init(
    localCredentials: ICECredentials? = nil, remoteCredentials: ICECredentials, fingerprints: [Fingerprint],
    isClient: Bool = false, remoteCandidates: [ICECandidate] = []
  ) {
    self.localCredentials = localCredentials
    self.remoteCredentials = remoteCredentials
    self.fingerprints = fingerprints
    self.isClient = isClient
    self.remoteCandidates = remoteCandidates
  }
}
