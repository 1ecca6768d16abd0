/// The alphabet of tokens: RFC 4648, section 5, without padding (RFC 7515, section 2).
package enum Base64URL {
  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

  /// Nil unless the text is what `encode` would have made of the octets: no padding, no foreign sign, no bits left over,
  /// so that a token has one spelling.
  package static func decode(_ text: some Sequence<UInt8>) -> [UInt8]? {
    var octets: [UInt8] = []
    var bits: UInt32 = 0
    var count = 0
    for sign in text {
      guard let value = value(of: sign) else { return nil }
      bits = bits << 6 | UInt32(value)
      count += 6
      if count >= 8 {
        count -= 8
        octets.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
        bits &= (1 << UInt32(count)) - 1
      }
    }
    // Six bits alone make no octet.
    return count < 6 && bits == 0 ? octets : nil
  }

  package static func encode(_ octets: [UInt8]) -> String {
    var text: [UInt8] = []
    var bits: UInt32 = 0
    var count = 0
    for octet in octets {
      bits = bits << 8 | UInt32(octet)
      count += 8
      while count >= 6 {
        count -= 6
        text.append(alphabet[Int(bits >> UInt32(count) & 63)])
      }
      bits &= (1 << UInt32(count)) - 1
    }
    if count > 0 { text.append(alphabet[Int(bits << UInt32(6 - count) & 63)]) }
    return String(decoding: text, as: UTF8.self)
  }

  private static func value(of sign: UInt8) -> UInt8? {
    switch sign {
    case 0x41...0x5A: sign - 0x41
    case 0x61...0x7A: sign - 0x61 + 26
    case 0x30...0x39: sign - 0x30 + 52
    case UInt8(ascii: "-"): 62
    case UInt8(ascii: "_"): 63
    default: nil
    }
  }
}
