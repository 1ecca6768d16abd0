import Conference

/// Who is with whom, for the chat.
extension RoomDirectory {
  /// Nobody who is still asked for a PIN, or alone with an announcement, reads or writes.
  package func audience(of leg: LegID) async -> ChatAudience? {
    guard let id = places[leg], let room = rooms[id], room.purpose == .conference, let member = room[leg],
      member.isInside
    else { return nil }
    return ChatAudience(
      room: room.name, name: member.name, uri: member.uri, others: room.inside.map(\.leg).filter { $0 != leg })
  }
}
