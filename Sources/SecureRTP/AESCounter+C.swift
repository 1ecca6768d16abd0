import COpenSSL

/// AES in counter mode: one key schedule, used again for every packet; RFC 3711, section 4.1.1.
@safe struct AESCounter: ~Copyable {
  private let context: CipherContext

  /// - Parameter key: 16 or 32 octets.
  init(key: [UInt8]) throws(SRTPError) { context = try CipherContext(.counter, key: key) }

  /// Encrypts or decrypts `start..<end` in place: both are the same.
  func apply(to packet: inout MutableSpan<UInt8>, from start: Int, to end: Int, nonce: SRTPNonce) throws(SRTPError) {
    guard start >= 0, start <= end, end <= packet.count else { throw .tooShort }
    guard start < end else { return }
    guard context.begin(nonce: nonce, encrypts: true) else { throw .library }
    let isDone = unsafe packet.withUnsafeMutableBufferPointer { bytes -> Bool in
      guard let base = bytes.baseAddress else { return false }
      var done: Int32 = 0
      return unsafe EVP_CipherUpdate(
        context.pointer, base + start, &done, base + start, Int32(clamping: end &- start)) == 1
    }
    guard isDone else { throw .library }
  }
}
