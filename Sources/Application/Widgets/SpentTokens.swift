/// Names of tokens that have had their call, until they expire (RFC 7519, section 4.1.7).
struct SpentTokens: Sendable {
  /// Names that are remembered; beyond it the one that expires first is forgotten.
  static let limit = 20_000

  private var expiries: [String: Int64] = [:]

  var count: Int { expiries.count }

  func contains(_ id: String) -> Bool { expiries[id] != nil }

  /// `now`, `expires`: seconds since 1970; `expires` with the leeway for clocks.
  mutating func spend(_ id: String, until expires: Int64, at now: Int64) {
    if expiries.count >= SpentTokens.limit {
      expiries = expiries.filter { $0.value > now }
      if expiries.count >= SpentTokens.limit, let first = expiries.min(by: { $0.value < $1.value })?.key {
        expiries[first] = nil
      }
    }
    expiries[id] = expires
  }
}
