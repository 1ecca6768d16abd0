/// A value of JSON (RFC 8259), as far as tokens need it.
package enum ClaimValue: Hashable, Sendable {
  case text(String)
  /// NumericDate of RFC 7519, section 2, among others; what lies behind the point is cut off.
  case number(Int64)
  case list([ClaimValue])
  case object([String: ClaimValue])
  /// True, false or null.
  case other

  package var text: String? { if case .text(let text) = self { text } else { nil } }
  package var number: Int64? { if case .number(let number) = self { number } else { nil } }
  package var object: [String: ClaimValue]? { if case .object(let members) = self { members } else { nil } }
}
