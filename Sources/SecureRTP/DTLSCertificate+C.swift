import COpenSSL

extension DTLSCertificate {
  /// A new key on the curve P-256 and a certificate for it.
  ///
  /// The certificate does not say when it was made, so that no clock is needed: it is valid from 2000 on and "has no
  /// well-defined expiration date" (RFC 5280, section 4.1.2.5). Peers go by the fingerprint: RFC 8122, section 6.
  package static func selfSigned() throws(DTLSError) -> DTLSCertificate {
    ERR_clear_error()
    guard let key = unsafe trialogue_p256_key() else { throw .library(OpenSSLError.take()) }
    defer { unsafe EVP_PKEY_free(key) }
    guard let certificate = unsafe X509_new() else { throw .library(OpenSSLError.take()) }
    defer { unsafe X509_free(certificate) }
    guard unsafe fill(certificate, key: key) else { throw .library(OpenSSLError.take()) }
    return try DTLSCertificate(
      certificate: unsafe der { unsafe i2d_X509(certificate, $0) },
      key: unsafe der { unsafe i2d_PrivateKey(key, $0) })
  }

  private static func fill(_ certificate: OpaquePointer, key: OpaquePointer) -> Bool {
    var serial = [UInt8](repeating: 0, count: 8)
    guard unsafe RAND_bytes(&serial, Int32(serial.count)) == 1 else { return false }
    // Positive, in 63 bits.
    let number = serial.reduce(UInt64(0)) { $0 << 8 | UInt64($1) } >> 1 | 1
    // The third version has the number 2.
    guard unsafe X509_set_version(certificate, 2) == 1,
      unsafe ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), number) == 1,
      unsafe ASN1_TIME_set_string(X509_getm_notBefore(certificate), "20000101000000Z") == 1,
      unsafe ASN1_TIME_set_string(X509_getm_notAfter(certificate), "99991231235959Z") == 1,
      let name = unsafe X509_get_subject_name(certificate)
    else { return false }
    return unsafe X509_NAME_add_entry_by_txt(name, "CN", utf8Text, "Trialogue", -1, -1, 0) == 1
      && X509_set_issuer_name(certificate, name) == 1 && X509_set_pubkey(certificate, key) == 1
      && X509_sign(certificate, key, EVP_sha256()) > 0
  }

  /// MBSTRING_UTF8: a macro with an expression that Swift does not read.
  private static let utf8Text: Int32 = 0x1000

  /// Runs one of OpenSSL's `i2d` functions: once for the length, once for the octets.
  static func der(_ write: (UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?) -> Int32) -> [UInt8] {
    let count = Int(write(nil))
    guard count > 0 else { return [] }
    var octets = [UInt8](repeating: 0, count: count)
    unsafe octets.withUnsafeMutableBufferPointer { buffer in
      var start = buffer.baseAddress
      _ = unsafe write(&start)
    }
    return octets
  }
}
