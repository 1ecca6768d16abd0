import Conference
import Primitives

extension LoopBody {
  /// Moves a leg between two rooms of this loop.
  mutating func move(_ leg: LegID, from source: RoomID, to destination: RoomID, at now: Instant) {
    guard let from = roomIndex[source], let to = roomIndex[destination], from !== to, to.closedAt == nil,
      from.slotOfLeg[leg] != nil, let moved = from.room.extractLeg(leg, at: now)
    else { return }
    let port = from.detach(leg)
    let slot = to.room.insertLeg(moved, at: now)
    if let port {
      to.attach(leg, slot: slot, port: port)
      ports.move(port, to: to, slot: slot)
      if let port = ports.port(port) { tellMove(leg, port, to: destination) }
    }
    settle(from, at: now)
    settle(to, at: now)
  }

  /// Sends a leg with its sockets to a room of another loop. Datagrams that come meanwhile wait in the kernel.
  mutating func send(_ leg: LegID, from source: RoomID, to destination: RoomID, at now: Instant) {
    guard let from = roomIndex[source], from.slotOfLeg[leg] != nil, let moved = from.room.extractLeg(leg, at: now),
      let index = from.detach(leg), let port = ports.remove(index)
    else {
      shared.table.post(.legDidNotCome(destination), to: destination, late: true)
      return
    }
    settle(from, at: now)
    tellMove(leg, port, to: destination)
    let parcel = LegParcel(moved)
    if !shared.table.post(.insertLeg(leg, parcel, port, destination), to: destination, late: true) {
      _ = parcel.open()
      lose(leg, port, of: destination)
    }
  }

  /// Takes in a leg that another loop sent.
  mutating func insert(
    _ leg: LegID, _ parcel: LegParcel, _ port: LegPort, into room: RoomID, at now: Instant
  ) {
    let moved = parcel.open()
    guard let host = roomIndex[room], host.closedAt == nil else { return lose(leg, port, of: room) }
    let slot = host.room.insertLeg(moved, at: now)
    let index = ports.insert(LoopPorts.Entry(port: port, room: host, leg: leg, slot: slot))
    host.attach(leg, slot: slot, port: index)
    tellMove(leg, port, to: room)
    unpark(host, at: now)
  }

  /// The loop that reads a browser's port must know where the leg is.
  private mutating func tellMove(_ leg: LegID, _ port: LegPort, to room: RoomID) {
    guard case .shared(let port) = port else { return }
    if port.home === shared.mailbox { noteMove(leg, to: room) } else { port.home.post(.browserMoved(leg, room)) }
  }

  /// A leg of our port is in another room now: with us, or with another loop.
  mutating func noteMove(_ leg: LegID, to room: RoomID) {
    guard let host = roomIndex[room] else { return browsers.move(leg, to: .away(room)) }
    // If it is on its way still, `insert` will know.
    if let slot = host.slotOfLeg[leg] { browsers.move(leg, to: .here(host, slot: slot)) }
  }

  /// One leg fewer is expected: with the last one the commands that waited are applied.
  mutating func unpark(_ host: HostedRoom, at now: Instant) {
    host.expectedLegs = max(0, host.expectedLegs - 1)
    guard host.expectedLegs == 0 else { return }
    let commands = host.parked
    host.parked = []
    for command in commands {
      noteUfrag(command, in: host)
      host.room.apply(command, at: now)
    }
    settle(host, at: now)
  }

  /// The room has gone while the leg was on its way: says so, and lets the ports go.
  func lose(_ leg: LegID, _ port: LegPort, of room: RoomID) {
    shared.registry.giveBack(port, of: leg)
    shared.events.yield((room, .legClosed(LegStatistics(leg: leg))))
  }
}
