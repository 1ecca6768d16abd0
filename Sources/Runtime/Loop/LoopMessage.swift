import Conference

/// What others ask of a media loop. Messages are applied in order at the next quantum.
enum LoopMessage: Sendable {
  case openRoom(RoomID, RoomPlan)
  case closeRoom(RoomID)
  /// A new leg with its sockets, opened off the media thread.
  case addLeg(LegID, RoomID, LegSockets)
  /// Both rooms are on this loop.
  case moveLeg(LegID, from: RoomID, to: RoomID)
  /// The other room is on another loop, which was told to expect the leg.
  case sendLeg(LegID, from: RoomID, to: RoomID)
  /// A leg is on its way to the room: what is asked of the room waits for it.
  case expectLeg(RoomID)
  /// The leg that was expected.
  case insertLeg(LegID, LegParcel, LegSockets, RoomID)
  /// There was no such leg to be sent.
  case legDidNotCome(RoomID)
  case command(RoomCommand, RoomID)
  /// What became of a recording's files.
  case outcome(RecordingOutcome, RoomID)
  /// End every room, and the thread when all recordings are closed, or at the latest after `LoopBody.longestFarewell`.
  case stop
}
