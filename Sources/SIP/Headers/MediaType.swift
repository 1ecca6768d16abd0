/// The type of a body: RFC 3261, section 20.15. Type and subtype are in lower case.
package struct MediaType: Hashable, Sendable {
  package var type: String
  package var subtype: String
  package var parameters = SIPParameters()

  package init(_ type: String, _ subtype: String) {
    self.type = type
    self.subtype = subtype
  }

  package init?(_ text: String) {
    var scanner = TextScanner(text)
    scanner.skipSpace()
    guard let type = scanner.token(), scanner.takeSeparator(UInt8(ascii: "/")), let subtype = scanner.token(),
      let parameters = SIPParameters(&scanner)
    else { return nil }
    self.init(type.lowercased(), subtype.lowercased())
    self.parameters = parameters
  }

  package static let sdp = MediaType("application", "sdp")

  /// Type and subtype, without parameters.
  package var name: String { "\(type)/\(subtype)" }

  /// True if this, read as a range of Accept, takes in the other.
  package func includes(_ other: MediaType) -> Bool {
    (type == "*" || type == other.type) && (subtype == "*" || subtype == other.subtype)
  }
}

extension MediaType: CustomStringConvertible {
  package var description: String { "\(type)/\(subtype)\(parameters)" }
}
