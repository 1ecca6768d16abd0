import Primitives

/// A self-signed certificate with its key: what peers know us by, through its fingerprint alone. A value, so that every
/// media loop can have it.
package struct DTLSCertificate: Hashable, Sendable {
  /// The certificate, in DER.
  package let certificate: [UInt8]
  /// SHA-256, for `a=fingerprint`.
  package let fingerprint: Fingerprint
  /// The private key, in DER.
  let key: Redacted<[UInt8]>

  init(certificate: [UInt8], key: [UInt8]) throws(DTLSError) {
    guard let fingerprint = Fingerprint(of: certificate, .sha256) else { throw .library("no fingerprint") }
    self.certificate = certificate
    self.fingerprint = fingerprint
    self.key = Redacted(key)
  }

  /// For OpenSSL only.
  var keyOctets: [UInt8] { key.value }
}

extension DTLSCertificate: CustomStringConvertible {
  package var description: String { fingerprint.description }
}
