/// One event on its way to one webhook.
package struct WebhookDelivery: Hashable, Sendable {
  package let hook: String
  package let event: ServerEvent
  package var attempts = 0

  package init(hook: String, event: ServerEvent) {
    self.hook = hook
    self.event = event
  }

  /// The `jti` of its token: one for each event and webhook.
  package var id: String { "\(hook)-\(event.id)" }
}
