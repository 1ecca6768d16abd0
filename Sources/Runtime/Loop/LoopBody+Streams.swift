import Conference
import ICE
import Primitives
import RTP

/// Browsers that come by TCP (RFC 6544): each connection carries what a UDP port would, in frames.
extension LoopBody {
  /// Connections that are taken in one quantum at most.
  private static let acceptBound = 16

  /// Takes connections that wait.
  mutating func accept(from port: SharedPort, at now: Instant) {
    for _ in 0..<Self.acceptBound {
      guard let stream = port.listener.accept(trafficClass: shared.settings.trafficClass, at: now) else { return }
      var evicted: UInt32?
      if !ports.insert(stream, evicted: &evicted) { statistics.streamsRefused &+= 1 }
      if let evicted { refuse(stream: evicted, at: now) }
    }
  }

  /// Takes what waits on a connection. Returns the number of packets.
  mutating func drain(stream number: UInt32, at now: Instant) -> Int {
    guard let stream = ports.streams[number] else { return 0 }
    let isOpen = stream.receive(into: &streamBuffer, at: now)
    var count = 0
    do throws(FramedStream.Failure) {
      while let place = try stream.nextPacket() {
        count &+= 1
        // Shares the octets with the stream: nothing is copied.
        let octets = stream.frames.octets
        guard receive(octets.span.extracting(place), on: stream, number, at: now) else {
          refuse(stream: number, at: now)
          return count
        }
      }
      if !isOpen { close(stream: number, at: now) }
    } catch {
      refuse(stream: number, at: now)
    }
    return count
  }

  /// Takes one packet; false if the connection is of no use. A check finds its leg by what it says, all else by whose the
  /// connection is.
  private mutating func receive(
    _ packet: Span<UInt8>, on stream: BrowserStream, _ number: UInt32, at now: Instant
  ) -> Bool {
    var recipient = stream.leg
    // A check may overtake the plan that brings its ufrag: its connection stays for the next one.
    var isUseful = recipient != nil
    if PacketKind.classify(packet) == .stun {
      let ufrag = STUNMessage.localUfrag(in: packet)
      recipient = ufrag.flatMap { browsers.leg(with: $0) }
      isUseful = isUseful || ufrag != nil
    }
    guard packet.count <= ReceiveBatch.slot, let leg = recipient, let place = browsers.place(of: leg) else {
      statistics.packetsRefused &+= 1
      return isUseful
    }
    statistics.packetsReceived &+= 1
    statistics.octetsReceived &+= UInt64(packet.count)
    switch place {
    case .here(let host, let slot):
      guard !handshakes.postpones(packet, of: leg, in: host.id, by: .stream, from: stream.remote) else { return true }
      host.room.receive(packet, channel: .stream, slot: slot, from: stream.remote, at: now)
      noteVideo(host)
      guard host.room.isUrgent else { return true }
      if host.room.admits(stream.remote, by: .stream, slot: slot, at: now) { own(number, by: leg, at: now) }
      sendUrgent(for: host, at: now)
    case .away(let room):
      shared.table.post(
        .browserDatagram(leg, room, copy(packet), .stream, stream.remote, now), to: room, late: true)
    }
    return true
  }

  /// A leg has proved to be there.
  mutating func prove(_ leg: LegID, by channel: MediaChannel, at address: TransportAddress, now: Instant) {
    switch channel {
    case .rtp, .rtcp: browsers.add(address, of: leg)
    case .stream:
      if let number = ports.streams.number(at: address) { own(number, by: leg, at: now) }
    }
  }

  private mutating func own(_ number: UInt32, by leg: LegID, at now: Instant) {
    guard browsers.place(of: leg) != nil, let surplus = ports.streams.own(number, by: leg) else { return }
    refuse(stream: surplus, at: now)
  }

  /// Sends an entry of the queue by its leg's connection, which the loop of its port has.
  mutating func sendFrame(_ entry: DatagramQueue.Entry, by port: LegPort?) {
    guard case .shared(let port)? = port else {
      statistics.packetsUnsent &+= 1
      return
    }
    if port.home === shared.mailbox {
      var isSent = false
      if let number = stream(of: entry.leg, at: entry.destination) {
        isSent = ports.streams.send(entry, of: queue, to: number)
      }
      noteFrame(entry.count, isSent: isSent)
    } else {
      port.home.post(.browserFrame(entry.leg, copy(queue.datagram(entry)), to: entry.destination))
    }
  }

  /// Sends what a leg of our port has sent from another loop.
  mutating func sendFrame(_ octets: [UInt8], of leg: LegID, to address: TransportAddress) {
    var isSent = false
    if let number = stream(of: leg, at: address) { isSent = ports.streams.send(octets.span, to: number) }
    noteFrame(octets.count, isSent: isSent)
  }

  /// The connection from there, if it is the leg's, or a stranger's whose check is answered.
  private func stream(of leg: LegID, at address: TransportAddress) -> UInt32? {
    guard let number = ports.streams.number(at: address), let stream = ports.streams[number] else { return nil }
    return stream.leg == leg || stream.leg == nil ? number : nil
  }

  private mutating func noteFrame(_ octets: Int, isSent: Bool) {
    guard isSent else {
      statistics.packetsUnsent &+= 1
      return
    }
    statistics.packetsSent &+= 1
    statistics.octetsSent &+= UInt64(octets)
  }

  /// Closes those that have not said in time whose they are.
  mutating func closeStrangers(at now: Instant) {
    for number in ports.streams.overdue(at: now) { refuse(stream: number, at: now) }
  }

  private mutating func refuse(stream number: UInt32, at now: Instant) {
    statistics.streamsRefused &+= 1
    close(stream: number, at: now)
  }

  /// Closes a connection, and tells its leg.
  private mutating func close(stream number: UInt32, at now: Instant) {
    guard let stream = ports.removeStream(number), let leg = stream.leg, let place = browsers.place(of: leg) else {
      return
    }
    switch place {
    case .here(let host, let slot):
      host.room.connectionClosed(stream.remote, slot: slot, at: now)
      settle(host, at: now)
    case .away(let room):
      shared.table.post(.browserDisconnected(leg, room, stream.remote), to: room, late: true)
    }
  }

  /// The connection of a leg that has moved here has ended.
  mutating func disconnect(_ leg: LegID, in room: RoomID, from address: TransportAddress, at now: Instant) {
    guard let host = roomIndex[room], let slot = host.slotOfLeg[leg] else { return }
    host.room.connectionClosed(address, slot: slot, at: now)
    settle(host, at: now)
  }

  /// A leg of our port has ended: so do its connections.
  mutating func endBrowser(_ leg: LegID, at now: Instant) {
    browsers.remove(leg)
    for number in ports.streams.numbers(of: leg) { close(stream: number, at: now) }
  }
}
