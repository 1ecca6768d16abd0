import COpenSSL

/// What all DTLS associations of one thread share: our certificate, ciphers and profiles. It must stay on its thread.
@safe package final class DTLSContext {
  /// Octets of the peer's certificate chain at most; OpenSSL refuses longer handshake messages before it takes memory.
  package static let maximumChainCount = 16_384
  /// What browsers have (RFC 8827, section 6.5), and RSA for peers that answer with such a certificate.
  private static let ciphers = """
    ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:\
    ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:\
    ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305
    """

  /// Profiles that are offered and accepted, best first.
  package let profiles: [SRTPProfile]
  let context: OpaquePointer
  let method: OpaquePointer

  package init(
    _ certificate: DTLSCertificate, profiles: [SRTPProfile] = SRTPProfile.dtlsPreference
  ) throws(DTLSError) {
    ERR_clear_error()
    guard let context = unsafe SSL_CTX_new(DTLS_method()) else { throw .library(OpenSSLError.take()) }
    guard let method = unsafe DTLSDatagrams.method() else {
      unsafe SSL_CTX_free(context)
      throw .library(OpenSSLError.take())
    }
    unsafe self.context = context
    unsafe self.method = method
    self.profiles = profiles
    guard configure(certificate) else { throw .library(OpenSSLError.take()) }
  }

  deinit {
    unsafe SSL_CTX_free(context)
    unsafe BIO_meth_free(method)
  }

  /// The one library that all of this stands on: `OpenSSL 3.0.19 27 Jan 2026`.
  package static var libraryVersion: String {
    guard let text = unsafe OpenSSL_version(OPENSSL_VERSION) else { return "OpenSSL" }
    return unsafe String(cString: text)
  }

  private func configure(_ certificate: DTLSCertificate) -> Bool {
    let der = certificate.certificate
    let key = certificate.keyOctets
    let names = profiles.map(\.dtlsName).joined(separator: ":")
    unsafe trialogue_dtls_set_options(context)
    unsafe trialogue_dtls_set_no_session_cache(context)
    unsafe trialogue_dtls_set_maximum_chain(context, Self.maximumChainCount)
    // The peer must show a certificate. Nobody vouches for it but the session description's fingerprint, which is
    // compared after the handshake: it may come later than this.
    unsafe SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nil)
    unsafe SSL_CTX_set_cert_verify_callback(context, { _, _ in 1 }, nil)
    // The last function alone answers 0 when all is well.
    return unsafe trialogue_dtls_set_minimum_version(context) == 1
      && SSL_CTX_use_certificate_ASN1(context, Int32(clamping: der.count), der) == 1
      && SSL_CTX_use_PrivateKey_ASN1(EVP_PKEY_EC, context, key, key.count) == 1
      && SSL_CTX_set_cipher_list(context, Self.ciphers) == 1
      && trialogue_dtls_set_groups(context, "X25519:P-256:P-384") == 1
      && SSL_CTX_set_tlsext_use_srtp(context, names) == 0
  }
}
