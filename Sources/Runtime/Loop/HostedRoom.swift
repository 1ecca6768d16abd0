import Conference
import Primitives

/// A room on its loop, with where its legs' sockets stand in the loop's table. Used on the loop's thread only.
final class HostedRoom {
  let id: RoomID
  /// In which quantum of the period the room ticks.
  let beat: Int
  var room: Room
  /// By the leg's slot in the room: index into the loop's table of ports, -1 for none.
  private(set) var portOfSlot: [Int] = []
  /// By leg, for what is rare.
  private(set) var slotOfLeg: [LegID: Int] = [:]
  /// Recordings whose files are not closed yet.
  var recordings: Set<RecordingID> = []
  /// The loop will look for pictures to send.
  var isVideoNoted = false
  /// When the room was closed; it stays until its legs and recordings have ended.
  var closedAt: Instant?

  /// Legs that are on their way from other loops.
  var expectedLegs = 0
  /// Commands that wait for them, so that their order stays as it was asked.
  var parked: [RoomCommand] = []

  init(id: RoomID, beat: Int, room: consuming Room) {
    self.id = id
    self.beat = beat
    self.room = room
  }

  var legs: Int { slotOfLeg.count }

  /// Index of the leg's ports in the loop's table; nil for a slot without ports.
  func port(ofSlot slot: Int) -> Int? {
    guard slot >= 0, slot < portOfSlot.count, portOfSlot[slot] >= 0 else { return nil }
    return portOfSlot[slot]
  }

  func attach(_ leg: LegID, slot: Int, port: Int) {
    while portOfSlot.count <= slot { portOfSlot.append(-1) }
    portOfSlot[slot] = port
    slotOfLeg[leg] = slot
  }

  /// Forgets the leg's ports and returns their index.
  func detach(_ leg: LegID) -> Int? {
    guard let slot = slotOfLeg.removeValue(forKey: leg) else { return nil }
    defer { portOfSlot[slot] = -1 }
    return port(ofSlot: slot)
  }
}
