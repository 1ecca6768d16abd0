import Conference
import ICE
import Primitives
import RTP

extension LoopBody {
  /// Takes what waits on a port that browsers share, `budget` datagrams at most but for the last batch. Returns how many there
  /// were.
  mutating func drain(_ port: SharedPort, budget: Int, at now: Instant) -> Int {
    var total = 0
    while total < budget {
      let count = receiveBatch.receive(from: port.socket)
      for index in 0..<count { receive(index, at: now) }
      total &+= count
      if count < ReceiveBatch.capacity { break }
    }
    return total
  }

  private mutating func receive(_ index: Int, at now: Instant) {
    guard !receiveBatch.isCut(index), let leg = recipient(index), let place = browsers.place(of: leg) else {
      statistics.packetsRefused &+= 1
      return
    }
    statistics.packetsReceived &+= 1
    statistics.octetsReceived &+= UInt64(receiveBatch.payload(index).count)
    let source = receiveBatch.source(index)
    let arrival = arrival(receiveBatch.wallTime(index), now: now)
    switch place {
    case .here(let host, let slot):
      guard !handshakes.postpones(index, of: receiveBatch, for: leg, in: host.id, by: .rtp) else {
        return
      }
      host.room.receive(receiveBatch.payload(index), channel: .rtp, slot: slot, from: source, at: arrival)
      noteVideo(host)
      guard host.room.isUrgent else { return }
      if host.room.admits(source, slot: slot, at: now) { browsers.add(source, of: leg) }
      sendUrgent(for: host, at: now)
    case .away(let room):
      shared.table.post(
        .browserDatagram(leg, room, copy(receiveBatch.payload(index)), .rtp, source, arrival), to: room, late: true)
    }
  }

  /// A check finds its leg by what it says, all else by where it comes from.
  private func recipient(_ index: Int) -> LegID? {
    let payload = receiveBatch.payload(index)
    guard PacketKind.classify(payload) == .stun else { return browsers.leg(at: receiveBatch.source(index)) }
    return STUNMessage.localUfrag(in: payload).flatMap { browsers.leg(with: $0) }
  }

  /// Goes on with the handshakes that had to wait.
  mutating func resumeHandshakes(at now: Instant) {
    handshakes.beginQuantum()
    while let item = handshakes.next() {
      receive(item.octets, for: item.leg, in: item.room, by: item.channel, from: item.source, at: now)
    }
  }

  func copy(_ payload: Span<UInt8>) -> [UInt8] {
    var octets: [UInt8] = []
    octets.reserveCapacity(payload.count)
    for place in payload.indices { octets.append(payload[place]) }
    return octets
  }

  /// A datagram that another loop has received for a leg of ours.
  mutating func receive(
    _ octets: [UInt8], for leg: LegID, in room: RoomID, by channel: MediaChannel, from source: TransportAddress,
    at arrival: Instant
  ) {
    guard let host = roomIndex[room], let slot = host.slotOfLeg[leg] else { return }
    host.room.receive(octets.span, channel: channel, slot: slot, from: source, at: arrival)
    noteVideo(host)
    guard host.room.isUrgent else { return }
    if host.room.admits(source, by: channel, slot: slot, at: arrival) {
      tellHome(host, slot, .browserAddress(leg, channel, source))
    }
    sendUrgent(for: host, at: arrival)
  }

  /// ICE restarts have new ufrags: the loop that reads the port must know them.
  func noteUfrag(_ command: RoomCommand, in host: HostedRoom) {
    guard case .setLegPlan(let leg, let plan) = command, case .dtls(let dtls) = plan.audio.security,
      let key = dtls.localCredentials?.key, let slot = host.slotOfLeg[leg]
    else { return }
    tellHome(host, slot, .browserUfrag(leg, key))
  }

  private func tellHome(_ host: HostedRoom, _ slot: Int, _ message: LoopMessage) {
    guard let index = host.port(ofSlot: slot), case .shared(let port)? = ports.port(index) else { return }
    port.home.post(message)
  }
}
