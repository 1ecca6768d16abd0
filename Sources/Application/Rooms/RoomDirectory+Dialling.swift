import Conference
import Logging
import Primitives

/// A voice flow calls somebody for its caller: a room of their own, which the caller enters when it is answered.
extension RoomDirectory {
  func dial(_ uri: String, timeout: Int, for leg: LegID, in id: RoomID) async {
    guard let calls, let member = rooms[id]?[leg], case .flowing(let machine, _) = member.stage else { return }
    let name = "call-\(leg.rawValue)"
    var room = HostedRoom(
      id: RoomID(identifier()), name: name, purpose: .conference,
      settings: Self.callSettings(named: name, like: settings),
      created: clock.timestamp)
    room.awaited = leg
    open(room)
    named[name] = room.id
    let music = play([settings.holdMusic], to: .member(leg), in: id, loops: true)
    rooms[id]?[leg]?.stage = .flowing(machine, play: music)
    do throws(ControlError) {
      _ = try await calls.dial(
        DialRequest(uri: uri, room: name, timeout: timeout, brought: member.context.adding(machine.learnt)))
    } catch {
      guard rooms[room.id]?.awaited == leg else { return }
      logger.warning(
        "a voice flow cannot dial", metadata: ["flow": "\(machine.flow.name)", "reason": "\(error.detail)"])
      close(room.id)
      let now = clock.now
      await pumpFlow(leg, in: id) { $0.unanswered(cause: "failed", at: now) }
    }
  }

  /// A two-party call: nobody is greeted, and nobody is alone for long.
  private static func callSettings(named name: String, like settings: DirectorySettings) -> RoomSettings {
    var call = settings.rooms.first ?? RoomSettings(pattern: NamePattern(name), language: settings.language)
    call.pattern = NamePattern(name)
    call.pin = nil
    call.moderatorPIN = nil
    call.greeting = nil
    call.hours = nil
    call.announcesJoining = false
    call.holdMusic = false
    call.record = false
    return call
  }

  /// Somebody is in: who waits for them in a flow comes in too.
  func answerFlow(in id: RoomID) {
    guard let leg = rooms[id]?.awaited, let flowRoom = places[leg],
      case .flowing(_, let playing)? = rooms[flowRoom]?[leg]?.stage
    else { return }
    rooms[id]?.awaited = nil
    if let playing { media.post(.stopPlay(playing), to: flowRoom) }
    shift(leg, from: flowRoom, to: id)
    greet(leg, in: id)
  }

  /// Somebody has left: a caller in a flow whom nobody will answer any more goes on, and nobody rings for a caller who is gone.
  func endDialling(in id: RoomID, by leg: LegID, cause: String) async {
    if let caller = rooms[id]?.awaited, let flowRoom = places[caller] {
      rooms[id]?.awaited = nil
      let now = clock.now
      await pumpFlow(caller, in: flowRoom) { $0.unanswered(cause: cause, at: now) }
    }
    guard let room = rooms.values.first(where: { $0.awaited == leg }) else { return }
    rooms[room.id]?.awaited = nil
    for member in room.members { await calls?.hangUp(member.leg, cause: "hangup") }
    if rooms[room.id]?.members.isEmpty ?? false { close(room.id) }
  }
}
