import COpenSSL

/// OpenSSL's context of AES: one key schedule, used again for every packet.
@safe struct CipherContext: ~Copyable {
  /// RFC 3711, section 4.1.1, and RFC 7714.
  enum Mode {
    case counter
    case galoisCounter
  }

  let pointer: OpaquePointer

  /// - Parameter key: 16 or 32 octets.
  init(_ mode: Mode, key: [UInt8]) throws(SRTPError) {
    guard key.count == 16 || key.count == 32, let context = unsafe EVP_CIPHER_CTX_new() else { throw .library }
    let cipher =
      switch (mode, key.count) {
      case (.counter, 16): unsafe EVP_aes_128_ctr()
      case (.counter, _): unsafe EVP_aes_256_ctr()
      case (.galoisCounter, 16): unsafe EVP_aes_128_gcm()
      case (.galoisCounter, _): unsafe EVP_aes_256_gcm()
      }
    let result = unsafe key.withUnsafeBufferPointer { bytes in
      unsafe EVP_CipherInit_ex(context, cipher, nil, bytes.baseAddress, nil, 1)
    }
    guard result == 1 else {
      unsafe EVP_CIPHER_CTX_free(context)
      throw .library
    }
    unsafe pointer = context
  }

  deinit { unsafe EVP_CIPHER_CTX_free(pointer) }

  /// Begins a packet with its initialisation vector.
  func begin(nonce: SRTPNonce, encrypts: Bool) -> Bool {
    var octets = (nonce.high.bigEndian, nonce.low.bigEndian)
    return unsafe withUnsafeBytes(of: &octets) { iv in
      unsafe EVP_CipherInit_ex(
        pointer, nil, nil, nil, iv.bindMemory(to: UInt8.self).baseAddress, encrypts ? 1 : 0)
    } == 1
  }
}
