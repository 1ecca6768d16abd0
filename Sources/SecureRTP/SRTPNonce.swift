/// What makes a packet's key stream its own: the session salt, mixed with source and index.
///
/// Counter mode, RFC 3711, section 4.1.1, and GCM, RFC 7714, section 8.1 (9.1 for RTCP, whose index has 31 bits):
/// ```
/// octet  0       2       4       6       8      10      12      14    16
///        +-------+-------+-------+-------+-------+-------+-------+-----+
/// AES-CM |       0       |     SSRC      |     48-bit index      |block|  xor salt (14 octets), 0, 0
///        +-------+-------+-------+-------+-------+-------+-------+-----+
/// GCM    |   0   |     SSRC      |     48-bit index      |                xor salt (12 octets)
///        +-------+-------+-------+-------+-------+-------+
/// ```
struct SRTPNonce: Hashable, Sendable {
  /// Octets 0 to 7, big-endian.
  private(set) var high: UInt64 = 0
  /// Octets 8 to 15.
  private(set) var low: UInt64 = 0

  /// Up to 16 octets, filled up with zeros behind.
  init(_ octets: [UInt8]) {
    for (place, octet) in octets.prefix(16).enumerated() {
      if place < 8 {
        high |= UInt64(octet) << UInt64(56 - 8 * place)
      } else {
        low |= UInt64(octet) << UInt64(120 - 8 * place)
      }
    }
  }

  /// The nonce of a packet, from the salt.
  func counterMode(ssrc: UInt32, index: UInt64) -> SRTPNonce {
    var nonce = self
    nonce.high ^= UInt64(ssrc)
    nonce.low ^= index << 16
    return nonce
  }

  /// The nonce of a packet, from the salt: the upper 12 octets.
  func galoisCounterMode(ssrc: UInt32, index: UInt64) -> SRTPNonce {
    var nonce = self
    nonce.high ^= UInt64(ssrc) << 16 ^ index >> 32
    nonce.low ^= index << 32
    return nonce
  }
}
