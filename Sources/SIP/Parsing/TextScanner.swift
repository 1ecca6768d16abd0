/// Walks over the octets of one header value: the small words of RFC 3261, section 25.1. Never reads past the end.
struct TextScanner {
  let bytes: [UInt8]
  private(set) var index = 0

  init(_ text: some StringProtocol) { bytes = Array(text.utf8) }

  var isAtEnd: Bool { index >= bytes.count }
  var current: UInt8? { index < bytes.count ? bytes[index] : nil }
  var rest: String { String(decoding: bytes[index...], as: UTF8.self) }

  mutating func skipSpace() {
    while let byte = current, CharacterClass.isSpace(byte) { index += 1 }
  }

  /// Passes over the octet if it stands here.
  mutating func take(_ byte: UInt8) -> Bool {
    guard current == byte else { return false }
    index += 1
    return true
  }

  /// Passes over the octet and white space around it; does not move if it does not come.
  mutating func takeSeparator(_ byte: UInt8) -> Bool {
    let start = index
    skipSpace()
    guard take(byte) else {
      index = start
      return false
    }
    skipSpace()
    return true
  }

  mutating func take(while isWanted: (UInt8) -> Bool) -> String {
    let start = index
    while let byte = current, isWanted(byte) { index += 1 }
    return String(decoding: bytes[start..<index], as: UTF8.self)
  }

  mutating func token() -> String? {
    let token = take(while: CharacterClass.isToken)
    return token.isEmpty ? nil : token
  }

  /// The content of the quoted string that starts here; nil, without moving, if none does or it does not end.
  mutating func quotedString() -> String? {
    guard current == 0x22 else { return nil }
    var content: [UInt8] = []
    var cursor = index + 1
    while cursor < bytes.count {
      let byte = bytes[cursor]
      cursor += 1
      if byte == 0x22 {
        index = cursor
        return String(decoding: content, as: UTF8.self)
      }
      if byte == 0x5C, cursor < bytes.count {
        content.append(bytes[cursor])
        cursor += 1
      } else {
        content.append(byte)
      }
    }
    return nil
  }
}
