import Conference
import ICE
import Primitives

/// What others ask of a media loop. Messages are applied in order at the next quantum.
enum LoopMessage: Sendable {
  case openRoom(RoomID, RoomPlan)
  case closeRoom(RoomID)
  /// A new leg with its sockets, opened off the media thread; a browser's with our credentials.
  case addLeg(LegID, RoomID, LegPort, ICECredentials?)
  /// Both rooms are on this loop.
  case moveLeg(LegID, from: RoomID, to: RoomID)
  /// The other room is on another loop, which was told to expect the leg.
  case sendLeg(LegID, from: RoomID, to: RoomID)
  /// A leg is on its way to the room: what is asked of the room waits for it.
  case expectLeg(RoomID)
  /// The leg that was expected.
  case insertLeg(LegID, LegParcel, LegPort, RoomID)
  /// There was no such leg to be sent.
  case legDidNotCome(RoomID)
  case command(RoomCommand, RoomID)
  /// What came in on the port of the loop that sends this, for a leg that has moved here.
  case browserDatagram(LegID, RoomID, [UInt8], MediaChannel, TransportAddress, Instant)
  /// What a leg of our port that lives elsewhere sends by TCP.
  case browserFrame(LegID, [UInt8], to: TransportAddress)
  /// A TCP connection of a leg that has moved here has ended.
  case browserDisconnected(LegID, RoomID, TransportAddress)
  /// A leg of our port that lives elsewhere has proved to be there, has another ufrag, has moved to a room, has ended.
  case browserAddress(LegID, MediaChannel, TransportAddress)
  case browserUfrag(LegID, UfragKey)
  case browserMoved(LegID, RoomID)
  case browserEnded(LegID)
  /// What became of a recording's files.
  case outcome(RecordingOutcome, RoomID)
  /// End every room, and the thread when all recordings are closed, or at the latest after `LoopBody.longestFarewell`.
  case stop
}
