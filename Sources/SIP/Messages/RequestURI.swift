/// What a request asks for, or a name-addr holds: a SIP URI, or one of another scheme that is kept as text (RFC 3261,
/// section 25.1, `Request-URI`).
package enum RequestURI: Hashable, Sendable {
  case sip(SIPURI)
  /// `scheme` in lower case, empty if there is none. A sip: URI that cannot be read is here too, see `isMalformed`.
  case other(scheme: String, text: String)

  /// Takes any text; what is no SIP URI is kept as it is.
  package init(_ text: String) {
    if let uri = SIPURI(text) {
      self = .sip(uri)
      return
    }
    let colon = text.utf8.firstIndex(of: UInt8(ascii: ":"))
    self = .other(scheme: colon.map { text[..<$0].lowercased() } ?? "", text: text)
  }

  /// - Throws: an error with status 400 if it is no absolute URI, or a broken SIP URI.
  package init(parsing text: String) throws(SIPParseError) {
    self.init(text)
    if isMalformed { throw SIPParseError(status: 400, reason: "Malformed URI") }
  }

  package var text: String {
    switch self {
    case .sip(let uri): uri.description
    case .other(_, let text): text
    }
  }

  package var sip: SIPURI? { if case .sip(let uri) = self { uri } else { nil } }

  package var scheme: String {
    switch self {
    case .sip(let uri): uri.scheme.rawValue
    case .other(let scheme, _): scheme
    }
  }

  /// True if this is no absolute URI of RFC 3986, or claims to be a SIP URI and is none.
  package var isMalformed: Bool {
    guard case .other(let scheme, let text) = self else { return false }
    guard scheme != "sip", scheme != "sips", let first = scheme.utf8.first, CharacterClass.isLetter(first) else {
      return true
    }
    let hasOddScheme = !scheme.utf8.allSatisfy {
      CharacterClass.isAlphanumeric($0) || $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".")
    }
    let hasOddOctet = text.utf8.contains {
      $0 <= 0x20 || $0 == 0x7F || $0 == UInt8(ascii: "<") || $0 == UInt8(ascii: ">") || $0 == 0x22
    }
    return hasOddScheme || hasOddOctet
  }
}

extension RequestURI: CustomStringConvertible {
  package var description: String { text }
}
