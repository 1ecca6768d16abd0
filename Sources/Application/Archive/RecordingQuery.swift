/// What recordings are searched by. Everything that is given must hold.
package struct RecordingQuery: Codable, Hashable, Sendable {
  /// Octets of a text that is searched for.
  package static let maximumText = 255

  package var room: String?
  /// RFC 3339 bounds of the start.
  package var from: String?
  package var to: String?
  /// Has this key in its customer context, with this value if one is given.
  package var contextKey: String?
  package var contextValue: String?
  /// Has all of this in its customer context.
  package var context: [String: String]
  /// The last digits of a party's number: however long a prefix the call had.
  package var number: String?
  /// The user part of a party's address, or the value of `agent` in the customer context.
  package var agent: String?
  package var tag: String?
  /// Bounds of the length, in seconds.
  package var minimumDuration: Double?
  package var maximumDuration: Double?
  /// Beginnings of words that stand in its room, parties, customer context or tags.
  package var text: String?
  package var order: RecordingOrder
  package var cursor: RecordingCursor?
  /// 1 to 200; 50 if absent.
  package var limit: Int?

  package init(
    room: String? = nil, from: String? = nil, to: String? = nil, contextKey: String? = nil,
    contextValue: String? = nil, context: [String: String] = [:], number: String? = nil, agent: String? = nil,
    tag: String? = nil, minimumDuration: Double? = nil, maximumDuration: Double? = nil, text: String? = nil,
    order: RecordingOrder = .newest, cursor: RecordingCursor? = nil, limit: Int? = nil
  ) {
    self.room = room
    self.from = from
    self.to = to
    self.contextKey = contextKey
    self.contextValue = contextValue
    self.context = context
    self.number = number
    self.agent = agent
    self.tag = tag
    self.minimumDuration = minimumDuration
    self.maximumDuration = maximumDuration
    self.text = text
    self.order = order
    self.cursor = cursor
    self.limit = limit
  }
}
