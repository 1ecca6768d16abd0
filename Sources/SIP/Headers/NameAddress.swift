/// A URI with a display name and parameters, as in From, To, Contact, Route and Refer-To: RFC 3261, section 20.10.
package struct NameAddress: Hashable, Sendable {
  /// Without quotes and escapes; nil if there is none.
  package var displayName: String?
  package var uri: RequestURI
  /// The header's parameters, not the URI's.
  package var parameters = SIPParameters()

  package init(displayName: String? = nil, uri: RequestURI, tag: String? = nil) {
    self.displayName = displayName
    self.uri = uri
    self.tag = tag
  }

  package var tag: String? {
    get { parameters["tag"] }
    set { parameters["tag"] = newValue }
  }

  package init?(_ text: String) {
    var scanner = TextScanner(text)
    scanner.skipSpace()
    var displayName: String?
    if scanner.current == UInt8(ascii: "\"") {
      guard let name = scanner.quotedString() else { return nil }
      displayName = name
      scanner.skipSpace()
      guard scanner.current == UInt8(ascii: "<") else { return nil }
    }
    let uriText: String
    if let open = scanner.bytes[scanner.index...].firstIndex(of: UInt8(ascii: "<")),
      !scanner.bytes[scanner.index..<open].contains(where: { $0 == UInt8(ascii: ";") || $0 == 0x22 })
    {
      // Names that are no tokens should have been quoted; RFC 4475, section 3.1.2.15, lets us take them as if they were.
      let name = CharacterClass.trimmed(scanner.take { $0 != UInt8(ascii: "<") })
      if !name.isEmpty { displayName = name }
      guard scanner.take(UInt8(ascii: "<")) else { return nil }
      uriText = CharacterClass.trimmed(scanner.take { $0 != UInt8(ascii: ">") })
      guard scanner.take(UInt8(ascii: ">")) else { return nil }
    } else {
      // Without brackets, parameters are the header's, and a URI with "?" or "," is not allowed (section 20).
      uriText = scanner.take { $0 != UInt8(ascii: ";") && !CharacterClass.isSpace($0) }
      guard !uriText.utf8.contains(where: { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: ",") }) else { return nil }
    }
    let uri = RequestURI(uriText)
    guard !uri.isMalformed, let parameters = SIPParameters(&scanner) else { return nil }
    self.displayName = displayName
    self.uri = uri
    self.parameters = parameters
  }
}

extension NameAddress: CustomStringConvertible {
  package var description: String {
    let name = displayName.map { CharacterClass.quoted($0) + " " } ?? ""
    return "\(name)<\(uri.text)>\(parameters)"
  }
}
