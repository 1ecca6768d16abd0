import Conference
import Synchronization

/// Which room runs on which loop: what is posted to a room finds its loop's mailbox here.
final class RoomTable: Sendable {
  private struct Place {
    var loop: Int
    /// False once the room was asked to close; it still waits for its files.
    var isOpen: Bool
  }

  private struct State {
    var places: [RoomID: Place] = [:]
    /// Rooms on each loop.
    var rooms: [Int]
    var isShuttingDown = false
  }

  private let mailboxes: [Mailbox<LoopMessage>]
  private let state: Mutex<State>

  init(mailboxes: [Mailbox<LoopMessage>]) {
    self.mailboxes = mailboxes
    state = Mutex(State(rooms: Array(repeating: 0, count: mailboxes.count)))
  }

  /// Gives the room to the loop with the fewest rooms and tells that loop; nothing when it exists or the plane shuts down.
  func open(_ room: RoomID, plan: RoomPlan) {
    state.withLock { state in
      guard !state.isShuttingDown, state.places[room] == nil,
        let loop = state.rooms.indices.min(by: { state.rooms[$0] < state.rooms[$1] })
      else { return }
      state.rooms[loop] += 1
      state.places[room] = Place(loop: loop, isOpen: true)
      // Posted under the lock, so that nobody's message to the room can overtake its opening.
      mailboxes[loop].post(.openRoom(room, plan))
    }
  }

  func close(_ room: RoomID) {
    state.withLock { state in
      guard let place = state.places[room], place.isOpen else { return }
      state.places[room]?.isOpen = false
      mailboxes[place.loop].post(.closeRoom(room))
    }
  }

  /// Sends a message to the room's loop; false when the room is not open (or, with `late`, not known at all).
  @discardableResult
  func post(_ message: LoopMessage, to room: RoomID, late: Bool = false) -> Bool {
    state.withLock { state in
      guard let place = state.places[room], place.isOpen || late else { return false }
      mailboxes[place.loop].post(message)
      return true
    }
  }

  /// Starts the move of a leg; rooms on different loops are told both, in an order that keeps what is posted later behind it.
  func moveLeg(_ leg: LegID, from source: RoomID, to destination: RoomID) {
    state.withLock { state in
      guard let from = state.places[source], let to = state.places[destination], to.isOpen else { return }
      if from.loop == to.loop {
        mailboxes[from.loop].post(.moveLeg(leg, from: source, to: destination))
      } else {
        mailboxes[to.loop].post(.expectLeg(destination))
        mailboxes[from.loop].post(.sendLeg(leg, from: source, to: destination))
      }
    }
  }

  /// Which loop the room is on; nil unless it is open.
  func loop(of room: RoomID) -> Int? {
    state.withLock { state in state.places[room].flatMap { $0.isOpen ? $0.loop : nil } }
  }

  /// Whether the room takes legs and commands.
  func isOpen(_ room: RoomID) -> Bool { state.withLock { $0.places[room]?.isOpen ?? false } }

  /// The loop has let go of the room.
  func forget(_ room: RoomID) {
    state.withLock { state in
      guard let place = state.places.removeValue(forKey: room) else { return }
      state.rooms[place.loop] -= 1
    }
  }

  /// From now on no room opens; every loop is told to end.
  func shutDown() {
    state.withLock { state in
      guard !state.isShuttingDown else { return }
      state.isShuttingDown = true
      for room in state.places.keys { state.places[room]?.isOpen = false }
      for mailbox in mailboxes { mailbox.post(.stop) }
    }
  }

  var isShuttingDown: Bool { state.withLock { $0.isShuttingDown } }
}
