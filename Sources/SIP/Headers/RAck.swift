/// Which reliable provisional response a PRACK acknowledges: RFC 3262, section 7.2.
package struct RAck: Hashable, Sendable {
  /// The RSeq of the response.
  package var number: UInt32
  /// The CSeq of the response.
  package var cSeq: CSeq

  package init(number: UInt32, cSeq: CSeq) {
    self.number = number
    self.cSeq = cSeq
  }

  package init?(_ text: String) {
    var scanner = TextScanner(text)
    scanner.skipSpace()
    guard let number = CharacterClass.number(scanner.take(while: CharacterClass.isDigit), as: UInt32.self),
      let next = scanner.current, CharacterClass.isSpace(next), let cSeq = CSeq(scanner.rest)
    else { return nil }
    self.init(number: number, cSeq: cSeq)
  }
}

extension RAck: CustomStringConvertible {
  package var description: String { "\(number) \(cSeq)" }
}
