/// A widget, as far as people may see it.
package struct WidgetDescription: Codable, Hashable, Sendable {
  package var name: String
  /// A SIP URI.
  package var destination: String
  /// Whose pages may have it; none: the server's own and those of `web.origins`.
  package var origins: [String]
  package var language: String?
  /// Calls from pages of others need a token.
  package var needsToken: Bool
  /// Calls that are there, and how many there may be.
  package var calls: Int
  package var maximumCalls: Int

  package init(
    name: String, destination: String, origins: [String], language: String? = nil, needsToken: Bool, calls: Int,
    maximumCalls: Int
  ) {
    self.name = name
    self.destination = destination
    self.origins = origins
    self.language = language
    self.needsToken = needsToken
    self.calls = calls
    self.maximumCalls = maximumCalls
  }
}
