/// What became of telling one event to one webhook.
package struct WebhookDeliveryDescription: Codable, Hashable, Sendable {
  /// The `jti` of the token that it is signed with.
  package var id: String
  package var event: UInt64
  package var name: String
  package var state: WebhookDeliveryState
  package var attempts: Int
  /// A status, or why there is none; nil before the first outcome.
  package var result: String?
  package var started: String
  package var changed: String

  package init(
    id: String, event: UInt64, name: String, state: WebhookDeliveryState, attempts: Int, result: String? = nil,
    started: String, changed: String
  ) {
    self.id = id
    self.event = event
    self.name = name
    self.state = state
    self.attempts = attempts
    self.result = result
    self.started = started
    self.changed = changed
  }
}

package enum WebhookDeliveryState: String, Codable, Hashable, Sendable { case sending, waiting, delivered, failed }
