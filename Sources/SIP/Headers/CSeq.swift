/// The number and method of a request: RFC 3261, section 20.16.
package struct CSeq: Hashable, Sendable {
  package var number: UInt32
  package var method: SIPMethod

  package init(number: UInt32, method: SIPMethod) {
    self.number = number
    self.method = method
  }

  /// Nil if the number does not fit 32 bits or there is no method.
  package init?(_ text: String) {
    var scanner = TextScanner(text)
    scanner.skipSpace()
    guard let number = CharacterClass.number(scanner.take(while: CharacterClass.isDigit), as: UInt32.self),
      let next = scanner.current, CharacterClass.isSpace(next)
    else { return nil }
    scanner.skipSpace()
    guard let method = scanner.token() else { return nil }
    scanner.skipSpace()
    guard scanner.isAtEnd else { return nil }
    self.init(number: number, method: SIPMethod(method))
  }
}

extension CSeq: CustomStringConvertible {
  package var description: String { "\(number) \(method.rawValue)" }
}
