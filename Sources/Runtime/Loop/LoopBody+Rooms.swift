import Conference
import ICE
import Primitives

extension LoopBody {
  /// Applies what others have asked since the last quantum.
  mutating func applyMessages(at now: Instant) {
    shared.mailbox.collect(into: &messages)
    guard !messages.isEmpty else { return }
    var waiting: [LoopMessage] = []
    swap(&waiting, &messages)
    for message in waiting { apply(message, at: now) }
    // The buffer goes back, so that nothing is allocated the next time.
    waiting.removeAll(keepingCapacity: true)
    swap(&waiting, &messages)
  }

  private mutating func apply(_ message: LoopMessage, at now: Instant) {
    switch message {
    case .openRoom(let id, let plan): openRoom(id, plan)
    case .closeRoom(let id):
      if let host = roomIndex[id] { close(host, at: now) }
    case .addLeg(let leg, let room, let port, let credentials): add(leg, to: room, port, credentials, at: now)
    case .browserDatagram(let leg, let room, let octets, let channel, let source, let arrival):
      guard !handshakes.postpones(octets.span, of: leg, in: room, by: channel, from: source) else { return }
      receive(octets, for: leg, in: room, by: channel, from: source, at: arrival)
    case .browserFrame(let leg, let octets, let address): sendFrame(octets, of: leg, to: address)
    case .browserDisconnected(let leg, let room, let address): disconnect(leg, in: room, from: address, at: now)
    case .browserAddress(let leg, let channel, let address): prove(leg, by: channel, at: address, now: now)
    case .browserUfrag(let leg, let key): browsers.add(key, of: leg)
    case .browserMoved(let leg, let room): noteMove(leg, to: room)
    case .browserEnded(let leg): endBrowser(leg, at: now)
    case .moveLeg(let leg, let source, let destination): move(leg, from: source, to: destination, at: now)
    case .sendLeg(let leg, let source, let destination): send(leg, from: source, to: destination, at: now)
    case .expectLeg(let room): roomIndex[room]?.expectedLegs += 1
    case .insertLeg(let leg, let parcel, let port, let room): insert(leg, parcel, port, into: room, at: now)
    case .legDidNotCome(let room):
      if let host = roomIndex[room] { unpark(host, at: now) }
    case .command(let command, let room):
      guard let host = roomIndex[room] else { return }
      if host.expectedLegs > 0 {
        host.parked.append(command)
      } else {
        noteUfrag(command, in: host)
        host.room.apply(command, at: now)
        settle(host, at: now)
      }
    case .outcome(let outcome, let room):
      guard let host = roomIndex[room] else { return }
      note(outcome, in: host)
      host.room.recordingOutcome(outcome)
      settle(host, at: now)
    case .stop:
      isStopping = true
      for host in rooms { close(host, at: now) }
    }
  }

  private mutating func openRoom(_ id: RoomID, _ plan: RoomPlan) {
    guard roomIndex[id] == nil, !isStopping else { return }
    // The emptiest quantum of the period.
    var members = Array(repeating: 0, count: clock.slots)
    for host in rooms { members[host.beat] += 1 + host.legs }
    let beat = members.indices.min { members[$0] < members[$1] } ?? 0
    let host = HostedRoom(
      id: id, beat: beat,
      room: Room(
        id: id, plan: plan, random: .system, clock: relation.wallClock, complexity: complexity.value))
    rooms.append(host)
    roomIndex[id] = host
  }

  private mutating func add(
    _ leg: LegID, to room: RoomID, _ port: LegPort, _ credentials: ICECredentials?, at now: Instant
  ) {
    guard let host = roomIndex[room], host.closedAt == nil, host.slotOfLeg[leg] == nil else {
      return lose(leg, port, of: room)
    }
    var access: WebRTCAccess?
    if let credentials {
      guard let dtls else { return lose(leg, port, of: room) }
      access = WebRTCAccess(credentials: credentials, dtls: dtls)
    }
    let slot = host.room.addLeg(leg, access: access, at: now)
    let index = ports.insert(LoopPorts.Entry(port: port, room: host, leg: leg, slot: slot))
    host.attach(leg, slot: slot, port: index)
    if case .shared = port {
      browsers.insert(leg, at: .here(host, slot: slot))
      if let key = credentials?.key { browsers.add(key, of: leg) }
    }
    settle(host, at: now)
  }

  /// Ends a room's legs and recordings; it is forgotten when both are gone.
  private mutating func close(_ host: HostedRoom, at now: Instant) {
    guard host.closedAt == nil else { return }
    host.closedAt = now
    host.room.close(at: now)
    settle(host, at: now)
  }

  func isGone(_ host: HostedRoom, at now: Instant) -> Bool {
    guard let closedAt = host.closedAt else { return false }
    return (host.legs == 0 && host.recordings.isEmpty)
      || now.nanoseconds(since: closedAt) > LoopBody.longestFarewell
  }

  mutating func forget(_ host: HostedRoom) {
    for leg in Array(host.slotOfLeg.keys) {
      if let port = host.detach(leg) { ports.close(port) }
    }
    rooms.removeAll { $0 === host }
    roomIndex[host.id] = nil
    shared.table.forget(host.id)
  }

  /// Takes everything that the room has to say after a change: files first, then events.
  mutating func settle(_ host: HostedRoom, at now: Instant) {
    while let write = host.room.nextWrite() {
      switch write {
      case .open(let recording, _): host.recordings.insert(recording)
      case .create, .append, .zeros, .patch, .finish: break
      }
      shared.writer.enqueue(write, room: host.id)
      hasWritten = true
    }
    while let event = host.room.nextEvent() {
      if case .legClosed(let statistics) = event, let port = host.detach(statistics.leg) { ports.close(port) }
      shared.events.yield((host.id, event))
    }
  }

  private func note(_ outcome: RecordingOutcome, in host: HostedRoom) {
    switch outcome {
    case .opened: break
    case .finished(let recording, _): host.recordings.remove(recording)
    case .failed(let recording, _, let ended):
      if ended { host.recordings.remove(recording) }
    }
  }
}
