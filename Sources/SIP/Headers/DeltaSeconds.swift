/// `delta-seconds` with parameters, as in Expires, Min-SE, Session-Expires and Retry-After: RFC 3261, section 25.1.
enum DeltaSeconds {
  /// Values above 2^32 − 1 stay there (RFC 3261, section 20.19); a comment in parentheses is passed over.
  static func parse(_ text: String) -> (UInt32, SIPParameters)? {
    var scanner = TextScanner(text)
    scanner.skipSpace()
    guard let seconds = CharacterClass.saturated(scanner.take(while: CharacterClass.isDigit), as: UInt32.self) else {
      return nil
    }
    scanner.skipSpace()
    if scanner.take(UInt8(ascii: "(")) {
      _ = scanner.take { $0 != UInt8(ascii: ")") }
      guard scanner.take(UInt8(ascii: ")")) else { return nil }
    }
    guard let parameters = SIPParameters(&scanner) else { return nil }
    return (seconds, parameters)
  }
}
