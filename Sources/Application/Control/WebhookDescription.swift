/// A webhook as operators see it.
package struct WebhookDescription: Codable, Hashable, Sendable {
  package var name: String
  /// Without its query, where a secret may stand.
  package var url: String
  /// Empty: all but `talker`.
  package var events: [String]
  /// Events that wait to be told.
  package var waiting: Int
  /// Events that were dropped because too many waited.
  package var lost: UInt64

  package init(name: String, url: String, events: [String], waiting: Int, lost: UInt64) {
    self.name = name
    self.url = url
    self.events = events
    self.waiting = waiting
    self.lost = lost
  }
}
