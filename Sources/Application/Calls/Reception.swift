import Conference

/// The rooms as the calls see them: finds places for callers and is told what becomes of them.
package protocol Reception: Sendable {
  /// Finds a place for a caller: makes the room if need be. The leg is not yet open.
  func seat(_ caller: NewMember) async throws(SeatRefusal) -> Seat
  /// Media were agreed, or agreed anew: for the media plane, in whatever room the leg is by now.
  func agreed(_ leg: LegID, on plan: LegPlan) async
  /// Media agreed and the call answered (ACK not awaited): greet, ask for the PIN, admit.
  func connected(_ leg: LegID) async
  func held(_ leg: LegID, _ held: Bool) async
  /// A digit by SIP INFO.
  func digit(_ leg: LegID, _ digit: DTMFDigit) async
  /// The call ended; the leg is to be removed.
  func left(_ leg: LegID, cause: String) async
  /// Moves a member to the room that a URI names (REFER to a room).
  func transfer(_ leg: LegID, to user: String) async throws(SeatRefusal)
  /// Nil once the room has ended.
  func conferenceState(of room: RoomID) async -> ConferenceState?
  /// The open conference of that name.
  func room(named name: String) async -> RoomID?
  /// Whether somebody may learn who is in a room, and bring others in: everybody, unless it asks for a PIN; then users and
  /// who is inside.
  func mayKnow(_ room: RoomID, user: String?, leg: LegID?) async -> Bool
  /// Who reads what a member writes; nil if it is not admitted to a conference.
  func audience(of leg: LegID) async -> ChatAudience?
  /// The names of the rooms that legs are in now: members move, by key or by the voice entry, without the call knowing.
  func rooms(of legs: [LegID]) async -> [LegID: String]
}
