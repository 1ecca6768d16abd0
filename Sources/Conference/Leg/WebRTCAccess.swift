import ICE
import SecureRTP

/// What a browser's leg is opened with. It stays on the room's thread.
package struct WebRTCAccess {
  /// Ours, as the session description will say them.
  package var credentials: ICECredentials
  /// With the certificate whose fingerprint the session description will say.
  package var dtls: DTLSContext

  package init(credentials: ICECredentials, dtls: DTLSContext) {
    self.credentials = credentials
    self.dtls = dtls
  }
}
