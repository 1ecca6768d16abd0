import SIP

/// What a page's button calls: the page knows the name, only the server knows where it leads.
package struct Widget: Hashable, Sendable {
  package var name: String
  /// A room, a flow or a service of this server.
  package var destination: SIPURI
  /// Whose pages may have it, in lower case; empty: our own, and those in `WidgetSettings.origins`.
  package var origins: Set<String>
  /// RFC 5646; nil: what the visitor's browser asks for.
  package var language: String?
  package var limits: WidgetLimits

  package init(
    name: String, destination: SIPURI, origins: Set<String> = [], language: String? = nil,
    limits: WidgetLimits = WidgetLimits()
  ) {
    self.name = name
    self.destination = destination
    self.origins = origins
    self.language = language
    self.limits = limits
  }
}
