import Conference

/// Who reads what a member writes: the others in its room.
package struct ChatAudience: Hashable, Sendable {
  package var room: String
  /// Of the member who writes.
  package var name: String
  package var uri: String
  package var others: [LegID]

  package init(room: String, name: String, uri: String, others: [LegID]) {
    self.room = room
    self.name = name
    self.uri = uri
    self.others = others
  }
}
