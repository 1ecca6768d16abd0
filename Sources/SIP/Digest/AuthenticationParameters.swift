/// A scheme and its `name=value` list, as in WWW-Authenticate and Authorization: RFC 3261, section 25.1 (`challenge`).
struct AuthenticationParameters: Hashable, Sendable {
  var scheme: String
  /// Names in lower case; the first of a name counts.
  private(set) var values: [String: String] = [:]

  /// Parameters at most.
  private static let limit = 64

  init?(_ text: String) {
    var scanner = TextScanner(text)
    scanner.skipSpace()
    guard let scheme = scanner.token() else { return nil }
    self.scheme = scheme
    scanner.skipSpace()
    while !scanner.isAtEnd {
      while scanner.takeSeparator(UInt8(ascii: ",")) {}
      if scanner.isAtEnd { break }
      guard let name = scanner.token(), scanner.takeSeparator(UInt8(ascii: "=")), values.count < Self.limit else {
        return nil
      }
      let value: String
      if scanner.current == 0x22 {
        guard let quoted = scanner.quotedString() else { return nil }
        value = quoted
      } else {
        value = scanner.take { $0 != UInt8(ascii: ",") && !CharacterClass.isSpace($0) }
      }
      if values[name.lowercased()] == nil { values[name.lowercased()] = value }
      scanner.skipSpace()
      guard scanner.isAtEnd || scanner.current == UInt8(ascii: ",") else { return nil }
    }
  }

  subscript(name: String) -> String? { values[name] }

  func isTrue(_ name: String) -> Bool { values[name].map { CharacterClass.equal($0, "true") } ?? false }

  var isDigest: Bool { CharacterClass.equal(scheme, "Digest") }
}
