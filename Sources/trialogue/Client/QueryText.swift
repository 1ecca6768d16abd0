/// The query of an address (RFC 3986, section 3.4), of what was given.
struct QueryText {
  private var parts: [String] = []

  mutating func add(_ name: String, _ value: (some CustomStringConvertible)?) {
    guard let value else { return }
    parts.append("\(name)=\(Self.encoded(value.description))")
  }

  /// With its question mark; empty if nothing was given.
  var text: String { parts.isEmpty ? "" : "?" + parts.joined(separator: "&") }

  /// All but unreserved characters as `%XX`.
  static func encoded(_ text: String) -> String {
    text.utf8.map { octet in
      switch octet {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "~"):
        String(UnicodeScalar(octet))
      default: "%" + (octet < 16 ? "0" : "") + String(octet, radix: 16, uppercase: true)
      }
    }.joined()
  }
}
