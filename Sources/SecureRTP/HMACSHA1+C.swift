import COpenSSL

/// HMAC-SHA1 whose pads are hashed once: a packet costs the hash of itself and two copies of a state; RFC 2104.
@safe struct HMACSHA1 {
  private let inner: SHA_CTX
  private let outer: SHA_CTX

  /// - Parameter key: at most 64 octets, a block of SHA-1.
  init(key: [UInt8]) throws(SRTPError) {
    guard key.count <= 64, let inner = Self.state(key, pad: 0x36), let outer = Self.state(key, pad: 0x5C) else {
      throw .library
    }
    self.inner = inner
    self.outer = outer
  }

  private static func state(_ key: [UInt8], pad: UInt8) -> SHA_CTX? {
    let block = (0..<64).map { place in (place < key.count ? key[place] : 0) ^ pad }
    var state = SHA_CTX()
    guard unsafe SHA1_Init(&state) == 1, unsafe SHA1_Update(&state, block, block.count) == 1 else { return nil }
    return state
  }

  /// The code over the first `count` octets and, if there is one, a word behind them; nil if there are fewer octets.
  func code(of packet: Span<UInt8>, count: Int, trailer: UInt32?) -> InlineArray<20, UInt8>? {
    guard count >= 0, count <= packet.count else { return nil }
    var digest = InlineArray<20, UInt8>(repeating: 0)
    var state = inner
    guard unsafe packet.withUnsafeBytes({ unsafe SHA1_Update(&state, $0.baseAddress, count) }) == 1 else { return nil }
    if let trailer {
      var word = trailer.bigEndian
      guard unsafe SHA1_Update(&state, &word, 4) == 1 else { return nil }
    }
    guard Self.finish(&digest, &state) else { return nil }
    state = outer
    let isHashed = unsafe digest.span.withUnsafeBytes { unsafe SHA1_Update(&state, $0.baseAddress, 20) }
    guard isHashed == 1, Self.finish(&digest, &state) else { return nil }
    return digest
  }

  private static func finish(_ digest: inout InlineArray<20, UInt8>, _ state: inout SHA_CTX) -> Bool {
    var span = digest.mutableSpan
    return unsafe span.withUnsafeMutableBufferPointer { unsafe SHA1_Final($0.baseAddress, &state) } == 1
  }
}
