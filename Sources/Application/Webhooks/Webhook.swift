import Primitives

/// A program of somebody else that is told what happens, by POST.
package struct Webhook: Hashable, Sendable {
  /// What is told who does not choose: everything but what comes many times a second.
  package static let unwanted: Set<String> = ["talker"]

  package var name: String
  package var address: WebhookAddress
  /// Names of events; nil: all but the unwanted.
  package var events: Set<String>?
  /// Of HS256, shared with the receiver.
  package var secret: Redacted<String>
  /// Times that an event is sent before it is given up.
  package var attempts: Int

  package init(
    name: String, address: WebhookAddress, events: Set<String>? = nil, secret: Redacted<String>, attempts: Int = 8
  ) {
    self.name = name
    self.address = address
    self.events = events
    self.secret = secret
    self.attempts = attempts
  }

  package func wants(_ event: String) -> Bool { events?.contains(event) ?? !Self.unwanted.contains(event) }
}
