import COpenSSL

/// AES in Galois/Counter mode with tags of 16 octets: one key schedule, used again for every packet.
@safe struct AESGCM: ~Copyable {
  static let tagCount = 16

  private let context: CipherContext

  /// - Parameter key: 16 or 32 octets.
  init(key: [UInt8]) throws(SRTPError) { context = try CipherContext(.galoisCounter, key: key) }

  /// Encrypts `header..<count` in place and writes the tag behind it. The tag covers also the header and, if there is
  /// one, the word behind it.
  func seal(
    _ packet: inout MutableSpan<UInt8>, header: Int, count: Int, trailer: UInt32?, nonce: SRTPNonce
  ) throws(SRTPError) {
    guard header >= 0, header <= count, count <= packet.count &- Self.tagCount else { throw .noRoom }
    let isDone = unsafe packet.withUnsafeMutableBufferPointer { bytes -> Bool in
      guard let start = bytes.baseAddress,
        unsafe begin(start, header: header, trailer: trailer, nonce: nonce, encrypts: true),
        unsafe transform(start, header: header, count: count)
      else { return false }
      return unsafe trialogue_gcm_get_tag(context.pointer, start + count, Int32(Self.tagCount)) == 1
    }
    guard isDone else { throw .library }
  }

  /// Decrypts `header..<count` in place if the tag behind it fits; otherwise what stands there is of no use any more.
  func open(
    _ packet: inout MutableSpan<UInt8>, header: Int, count: Int, trailer: UInt32?, nonce: SRTPNonce
  ) throws(SRTPError) {
    guard header >= 0, header <= count, count <= packet.count &- Self.tagCount else { throw .tooShort }
    let isDone = unsafe packet.withUnsafeMutableBufferPointer { bytes -> Bool in
      guard let start = bytes.baseAddress,
        unsafe begin(start, header: header, trailer: trailer, nonce: nonce, encrypts: false)
      else { return false }
      return unsafe trialogue_gcm_set_tag(context.pointer, start + count, Int32(Self.tagCount)) == 1
        && transform(start, header: header, count: count)
    }
    guard isDone else { throw .authentication }
  }

  private func begin(
    _ start: UnsafeMutablePointer<UInt8>, header: Int, trailer: UInt32?, nonce: SRTPNonce, encrypts: Bool
  ) -> Bool {
    var done: Int32 = 0
    guard context.begin(nonce: nonce, encrypts: encrypts),
      unsafe EVP_CipherUpdate(context.pointer, nil, &done, start, Int32(clamping: header)) == 1
    else { return false }
    guard let trailer else { return true }
    var word = trailer.bigEndian
    return unsafe withUnsafeBytes(of: &word) { bytes in
      unsafe EVP_CipherUpdate(context.pointer, nil, &done, bytes.bindMemory(to: UInt8.self).baseAddress, 4)
    } == 1
  }

  private func transform(_ start: UnsafeMutablePointer<UInt8>, header: Int, count: Int) -> Bool {
    var done: Int32 = 0
    let length = Int32(clamping: count &- header)
    if length > 0, unsafe EVP_CipherUpdate(context.pointer, start + header, &done, start + header, length) != 1 {
      return false
    }
    return unsafe EVP_CipherFinal_ex(context.pointer, start + count, &done) == 1
  }
}
