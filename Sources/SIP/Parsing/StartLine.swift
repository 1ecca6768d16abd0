/// The first line of a message: RFC 3261, sections 7.1 and 7.2.
struct StartLine: Hashable, Sendable {
  enum Content: Hashable, Sendable {
    case request(SIPMethod, RequestURI)
    case response(Int, reason: String)
  }

  var content: Content
  /// A version other than SIP/2.0, which is to be answered with 505.
  var unknownVersion: String?

  /// One space stands between the parts of a request line, no less and no more.
  init(_ line: ArraySlice<UInt8>) throws(SIPParseError) {
    let parts = line.split(separator: 0x20, maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count >= 2 else { throw SIPParseError(status: 400, reason: "Malformed start line") }
    let first = String(decoding: parts[0], as: UTF8.self)
    let third = parts.count > 2 ? String(decoding: parts[2], as: UTF8.self) : ""
    if StartLine.isVersion(parts[0]) {
      guard parts[1].count == 3,
        let status = CharacterClass.number(String(decoding: parts[1], as: UTF8.self), as: Int.self),
        (100..<700).contains(status)
      else { throw SIPParseError(status: 400, reason: "Malformed status line") }
      content = .response(status, reason: StartLine.withoutLineEnds(third))
      unknownVersion = CharacterClass.equal(first, "SIP/2.0") ? nil : first
      return
    }
    guard !parts[0].isEmpty, parts[0].allSatisfy(CharacterClass.isToken), parts.count == 3,
      StartLine.isVersion(parts[2])
    else { throw SIPParseError(status: 400, reason: "Malformed request line") }
    let uri = RequestURI(String(decoding: parts[1], as: UTF8.self))
    content = .request(SIPMethod(first), uri)
    unknownVersion = CharacterClass.equal(third, "SIP/2.0") ? nil : third
  }

  /// `SIP/` and a number with a point in it.
  private static func isVersion(_ bytes: ArraySlice<UInt8>) -> Bool {
    let text = String(decoding: bytes, as: UTF8.self)
    guard text.utf8.count > 4, CharacterClass.equal(String(text.prefix(4)), "SIP/") else { return false }
    let numbers = text.dropFirst(4).utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    return numbers.count == 2 && numbers.allSatisfy { !$0.isEmpty && $0.allSatisfy(CharacterClass.isDigit) }
  }

  private static func withoutLineEnds(_ text: String) -> String {
    guard text.utf8.contains(0x0D) else { return text }
    return String(decoding: text.utf8.map { $0 == 0x0D ? 0x20 : $0 }, as: UTF8.self)
  }
}
