import Conference

/// A place in a room, kept for a call.
package struct Seat: Hashable, Sendable {
  package var room: RoomID
  package var leg: LegID
  package var roomName: String
  /// What the room speaks.
  package var codecs: CodecFilter

  package init(room: RoomID, leg: LegID, roomName: String, codecs: CodecFilter = .all) {
    self.room = room
    self.leg = leg
    self.roomName = roomName
    self.codecs = codecs
  }
}
