/// Base64 with padding; RFC 4648, section 4.
enum Base64 {
  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  static func encode(_ octets: [UInt8]) -> String {
    var text: [UInt8] = []
    text.reserveCapacity((octets.count + 2) / 3 * 4)
    var start = 0
    while start < octets.count {
      let rest = min(3, octets.count - start)
      var bits: UInt32 = 0
      for place in 0..<3 { bits = bits << 8 | (place < rest ? UInt32(octets[start + place]) : 0) }
      for place in 0..<4 {
        let digit = Int(bits >> UInt32(18 - 6 * place) & 63)
        text.append(place <= rest ? alphabet[digit] : UInt8(ascii: "="))
      }
      start += 3
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// Nil for anything but whole groups of four, rightly padded, with no bits left over. With `mayLackPadding` the
  /// padding may be missing, as some phones leave it out.
  static func decode(_ text: some StringProtocol, mayLackPadding: Bool = false) -> [UInt8]? {
    var digits = Array(text.utf8)
    let count = digits.count
    if count % 4 == 0, count > 0 {
      if digits[count - 1] == UInt8(ascii: "=") { digits.removeLast() }
      if digits.count == count - 1, digits[count - 2] == UInt8(ascii: "=") { digits.removeLast() }
    } else if !mayLackPadding, count > 0 {
      return nil
    }
    var octets: [UInt8] = []
    octets.reserveCapacity(digits.count * 3 / 4)
    var bits: UInt32 = 0
    var width: UInt32 = 0
    for digit in digits {
      guard let value = value(digit) else { return nil }
      bits = (bits << 6 | value) & 0xFFFF
      width += 6
      if width >= 8 {
        width -= 8
        octets.append(UInt8(truncatingIfNeeded: bits >> width))
      }
    }
    // A group of one digit holds no octet; bits behind the last octet must be 0.
    guard width < 6, bits & ((1 << width) - 1) == 0 else { return nil }
    return octets
  }

  private static func value(_ digit: UInt8) -> UInt32? {
    switch digit {
    case 0x41...0x5A: UInt32(digit - 0x41)
    case 0x61...0x7A: UInt32(digit - 0x61 + 26)
    case 0x30...0x39: UInt32(digit - 0x30 + 52)
    case 0x2B: 62
    case 0x2F: 63
    default: nil
    }
  }
}
