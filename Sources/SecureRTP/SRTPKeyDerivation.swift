import Primitives

/// Session keys from a master key, with a key derivation rate of 0; RFC 3711, section 4.3, and RFC 7714, section 11.
///
/// ```
/// octet  0                           7               14    16
///        +---------------------------+---+-----------+-----+
///        |             0             | label |   0       |block|  xor master salt
///        +---------------------------+---+-----------+-----+
/// ```
/// A salt of 12 octets is filled up with two zeros. The key stream from there is the key.
struct SRTPKeyDerivation: ~Copyable {
  /// What a derived key is for; RFC 3711, section 4.3.2.
  enum Label: UInt8 {
    case rtpKey, rtpAuthentication, rtpSalt, rtcpKey, rtcpAuthentication, rtcpSalt
  }

  private let cipher: AESCounter
  private let salt: [UInt8]

  init(_ keys: SRTPKeys) throws(SRTPError) {
    cipher = try AESCounter(key: keys.key.value)
    salt = keys.salt.value
  }

  /// - Parameter count: octets wanted.
  func key(_ label: Label, count: Int) throws(SRTPError) -> [UInt8] {
    var start = salt + [UInt8](repeating: 0, count: max(0, 14 - salt.count))
    if start.count > 7 { start[7] ^= label.rawValue }
    var key = [UInt8](repeating: 0, count: count)
    var span = key.mutableSpan
    try cipher.apply(to: &span, from: 0, to: count, nonce: SRTPNonce(start))
    return key
  }
}
