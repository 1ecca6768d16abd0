/// Percent-encoding of header values: RFC 3986, section 2.1.
enum PercentText {
  /// Nil if a `%` is not followed by two hex digits.
  static func decode(_ text: String) -> String? {
    var octets: [UInt8] = []
    let source = Array(text.utf8)
    var index = 0
    while index < source.count {
      guard source[index] == UInt8(ascii: "%") else {
        octets.append(source[index])
        index += 1
        continue
      }
      guard index + 2 < source.count, let high = digit(source[index + 1]), let low = digit(source[index + 2]) else {
        return nil
      }
      octets.append(high << 4 | low)
      index += 3
    }
    return String(decoding: octets, as: UTF8.self)
  }

  /// Leaves unreserved characters as they are.
  static func encode(_ text: String) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var octets: [UInt8] = []
    for octet in text.utf8 {
      switch octet {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: octets.append(octet)
      default: octets += [UInt8(ascii: "%"), digits[Int(octet >> 4)], digits[Int(octet & 15)]]
      }
    }
    return String(decoding: octets, as: UTF8.self)
  }

  private static func digit(_ octet: UInt8) -> UInt8? {
    switch octet {
    case 0x30...0x39: octet - 0x30
    case 0x41...0x46: octet - 0x37
    case 0x61...0x66: octet - 0x57
    default: nil
    }
  }
}
