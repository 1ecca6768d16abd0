/// The text of an `a=fmtp` behind the format: `name=value`, separated by semicolons (RFC 4855, section 3).
struct FormatParameters {
  private let parts: [(name: String, value: String, text: String)]

  init(_ text: String?) {
    parts = (text ?? "").split(separator: ";").map { part in
      let trimmed = part.drop { $0.isWhitespace }
      let pair = trimmed.split(separator: "=", maxSplits: 1)
      let name = pair.first.map { $0.filter { !$0.isWhitespace }.lowercased() } ?? ""
      return (name, pair.count > 1 ? pair[1].filter { !$0.isWhitespace } : "", String(trimmed))
    }
  }

  /// Whether one of the parameters is there with a value other than 0.
  func says(anyOf names: [String]) -> Bool { parts.contains { names.contains($0.name) && $0.value != "0" } }

  /// The value of a parameter, its name in lower case; nil if it is not there.
  func value(of name: String) -> String? { parts.first { $0.name == name }.map { String($0.value) } }

  /// Only those parameters, as they were written; nil if there is none.
  func only(_ names: [String]) -> String? {
    let kept = parts.filter { names.contains($0.name) }.map(\.text)
    return kept.isEmpty ? nil : kept.joined(separator: ";")
  }
}
