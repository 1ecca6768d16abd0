import COpenSSL

/// AES in counter mode: one key schedule, used again for every packet; RFC 3711, section 4.1.1.
@safe struct AESCounter: ~Copyable {
  private let context: OpaquePointer

  /// - Parameter key: 16 or 32 octets.
  init(key: [UInt8]) throws(SRTPError) {
    guard key.count == 16 || key.count == 32, let context = unsafe EVP_CIPHER_CTX_new() else { throw .library }
    let cipher = unsafe key.count == 32 ? EVP_aes_256_ctr() : EVP_aes_128_ctr()
    let result = unsafe key.withUnsafeBufferPointer { bytes in
      unsafe EVP_CipherInit_ex(context, cipher, nil, bytes.baseAddress, nil, 1)
    }
    guard result == 1 else {
      unsafe EVP_CIPHER_CTX_free(context)
      throw .library
    }
    unsafe self.context = context
  }

  deinit { unsafe EVP_CIPHER_CTX_free(context) }

  /// Encrypts or decrypts `start..<end` in place: both are the same.
  func apply(to packet: inout MutableSpan<UInt8>, from start: Int, to end: Int, nonce: SRTPNonce) throws(SRTPError) {
    guard start >= 0, start <= end, end <= packet.count else { throw .tooShort }
    guard start < end else { return }
    var octets = (nonce.high.bigEndian, nonce.low.bigEndian)
    let isReady = unsafe withUnsafeBytes(of: &octets) { iv in
      unsafe EVP_CipherInit_ex(context, nil, nil, nil, iv.bindMemory(to: UInt8.self).baseAddress, 1)
    }
    guard isReady == 1 else { throw .library }
    let isDone = unsafe packet.withUnsafeMutableBufferPointer { bytes -> Bool in
      guard let base = bytes.baseAddress else { return false }
      var done: Int32 = 0
      return unsafe EVP_CipherUpdate(context, base + start, &done, base + start, Int32(clamping: end &- start)) == 1
    }
    guard isDone else { throw .library }
  }
}
