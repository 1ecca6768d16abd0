/// The `?name=value&…` part of a SIP URI, unescaped: header fields that a request made from it shall carry (RFC 3261,
/// section 19.1.1).
package struct SIPURIHeaders: Hashable, Sendable {
  package struct Field: Hashable, Sendable {
    package var name: String
    package var value: String
    package init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  package private(set) var fields: [Field] = []

  package init() {}

  package var isEmpty: Bool { fields.isEmpty }

  package subscript(name: String) -> String? { fields.first { CharacterClass.equal($0.name, name) }?.value }

  package mutating func append(_ name: String, _ value: String) { fields.append(Field(name: name, value: value)) }

  /// Reads what follows the question mark; nil if an escape is broken or a name is missing.
  init?(_ bytes: ArraySlice<UInt8>) {
    for part in bytes.split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: false) {
      let equals = part.firstIndex(of: UInt8(ascii: "="))
      let value = equals.map { part[($0 + 1)...] } ?? []
      guard let name = PercentCoding.decode(part[..<(equals ?? part.endIndex)]), !name.isEmpty,
        let text = PercentCoding.decode(value)
      else { return nil }
      append(name, text)
    }
  }
}

extension SIPURIHeaders: CustomStringConvertible {
  /// Escaped, with the leading question mark; empty if there are none.
  package var description: String {
    guard !fields.isEmpty else { return "" }
    let parts = fields.map { field in
      PercentCoding.encode(field.name, CharacterClass.isURIHeader) + "="
        + PercentCoding.encode(field.value, CharacterClass.isURIHeader)
    }
    return "?" + parts.joined(separator: "&")
  }
}
