/// Sets of octets of SIP's grammar: RFC 3261, section 25.1.
enum CharacterClass {
  static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
  static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }
  static func isAlphanumeric(_ byte: UInt8) -> Bool { isDigit(byte) || isLetter(byte) }
  /// LWS once lines are unfolded; line ends count too, so that a stray one cannot hide.
  static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A }

  static func isToken(_ byte: UInt8) -> Bool {
    if isAlphanumeric(byte) { return true }
    switch byte {
    case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "!"), UInt8(ascii: "%"), UInt8(ascii: "*"),
      UInt8(ascii: "_"), UInt8(ascii: "+"), UInt8(ascii: "`"), UInt8(ascii: "'"), UInt8(ascii: "~"):
      return true
    default: return false
    }
  }

  static func isHostName(_ byte: UInt8) -> Bool {
    isAlphanumeric(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_")
  }

  /// May stand in a parameter's value without quotes when we print it.
  static func isPlainValue(_ byte: UInt8) -> Bool {
    isToken(byte) || byte == UInt8(ascii: "[") || byte == UInt8(ascii: "]") || byte == UInt8(ascii: ":")
  }

  /// May stand in a parameter's value without quotes when we read it: everything that ends nothing.
  static func isParameterValue(_ byte: UInt8) -> Bool {
    byte > 0x20 && byte != 0x7F && byte != UInt8(ascii: ";") && byte != UInt8(ascii: ",") && byte != UInt8(ascii: "\"")
  }

  static func isUnreserved(_ byte: UInt8) -> Bool {
    if isAlphanumeric(byte) { return true }
    switch byte {
    case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "!"), UInt8(ascii: "~"),
      UInt8(ascii: "*"), UInt8(ascii: "'"), UInt8(ascii: "("), UInt8(ascii: ")"):
      return true
    default: return false
    }
  }

  /// unreserved and user-unreserved.
  static func isUser(_ byte: UInt8) -> Bool {
    if isUnreserved(byte) { return true }
    switch byte {
    case UInt8(ascii: "&"), UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "$"), UInt8(ascii: ","),
      UInt8(ascii: ";"), UInt8(ascii: "?"), UInt8(ascii: "/"):
      return true
    default: return false
    }
  }

  static func isPassword(_ byte: UInt8) -> Bool {
    isUser(byte) && byte != UInt8(ascii: ";") && byte != UInt8(ascii: "?") && byte != UInt8(ascii: "/")
  }

  /// unreserved and param-unreserved.
  static func isURIParameter(_ byte: UInt8) -> Bool {
    if isUnreserved(byte) { return true }
    switch byte {
    case UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "/"), UInt8(ascii: ":"), UInt8(ascii: "&"),
      UInt8(ascii: "+"), UInt8(ascii: "$"):
      return true
    default: return false
    }
  }

  /// unreserved and hnv-unreserved.
  static func isURIHeader(_ byte: UInt8) -> Bool {
    if isUnreserved(byte) { return true }
    switch byte {
    case UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: ":"),
      UInt8(ascii: "+"), UInt8(ascii: "$"):
      return true
    default: return false
    }
  }

  /// Same text without regard to the case of ASCII letters.
  static func equal(_ left: String, _ right: String) -> Bool {
    guard left.utf8.count == right.utf8.count else { return false }
    for (a, b) in zip(left.utf8, right.utf8) where a != b {
      guard a ^ b == 0x20, isLetter(a) else { return false }
    }
    return true
  }

  /// The text as a quoted-string.
  static func quoted(_ text: String) -> String {
    var bytes: [UInt8] = [0x22]
    for byte in text.utf8 {
      if byte == 0x22 || byte == 0x5C { bytes.append(0x5C) }
      // A quoted pair may not hold a line end.
      bytes.append(byte == 0x0D || byte == 0x0A ? 0x20 : byte)
    }
    bytes.append(0x22)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Decimal digits as a number that stays at the end of its range; nil if there is anything but digits.
  static func saturated<Number: FixedWidthInteger>(_ text: some StringProtocol, as type: Number.Type) -> Number? {
    guard !text.isEmpty, text.utf8.allSatisfy(isDigit) else { return nil }
    return Number(text) ?? .max
  }

  /// Decimal digits as a number; nil if there is anything but digits, or if it is too large.
  static func number<Number: FixedWidthInteger>(_ text: some StringProtocol, as type: Number.Type) -> Number? {
    guard !text.isEmpty, text.utf8.allSatisfy(isDigit) else { return nil }
    return Number(text)
  }

  static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var bytes = bytes
    while let first = bytes.first, isSpace(first) { bytes.removeFirst() }
    while let last = bytes.last, isSpace(last) { bytes.removeLast() }
    return bytes
  }

  static func trimmed(_ text: some StringProtocol) -> String {
    String(decoding: trimmed(Array(text.utf8)[...]), as: UTF8.self)
  }
}
