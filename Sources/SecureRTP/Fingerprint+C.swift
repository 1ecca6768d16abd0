import COpenSSL

extension Fingerprint {
  /// The hash of a certificate in DER; nil if OpenSSL refuses.
  package init?(of der: [UInt8], _ algorithm: Algorithm) {
    let digest: OpaquePointer?
    switch algorithm {
    case .sha1: unsafe digest = EVP_sha1()
    case .sha224: unsafe digest = EVP_sha224()
    case .sha256: unsafe digest = EVP_sha256()
    case .sha384: unsafe digest = EVP_sha384()
    case .sha512: unsafe digest = EVP_sha512()
    }
    var octets = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
    var count: UInt32 = 0
    guard unsafe EVP_Digest(der, der.count, &octets, &count, digest, nil) == 1 else { return nil }
    self.init(algorithm, octets: Array(octets.prefix(Int(count))))
  }
}
