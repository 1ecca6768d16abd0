/// Why a DTLS association cannot be: costs that association. A new endpoint may try again.
package enum DTLSError: Error, Hashable, Sendable {
  /// OpenSSL could not be set up, or refused a certificate.
  case library(String)
  /// The handshake failed; OpenSSL's words.
  case handshake(String)
  /// The peer's certificate is not the one that its session description names.
  case fingerprint
  /// The peer wants no SRTP, or none of our profiles.
  case noProfile
  /// The peer did not finish in `DTLSEndpoint.patience`.
  case timedOut
  /// The association was closed or has failed before.
  case closed
}
