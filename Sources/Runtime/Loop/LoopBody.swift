import Conference
import Primitives
import RTP
import SecureRTP

/// What a media thread owns and does: rooms, sockets, buffers. Made and used on that thread only.
///
/// A quantum: sleep to the deadline → drain the sockets → apply the mailbox → tick the rooms that are due → send.
struct LoopBody: ~Copyable {
  /// Datagrams that one quantum takes at most; the rest waits in the kernel, so that a flood cannot hold up the ticks.
  static let drainBound = 4_096
  /// How long a closed room waits for its recordings' files, in nanoseconds.
  static let longestFarewell: Int64 = 10_000_000_000

  let shared: LoopShared
  var ports: LoopPorts
  /// The legs whose peers come in by our shared ports.
  var browsers = BrowserTable()
  var handshakes = HandshakeQueue()
  /// What the DTLS associations of the loop share; nil without a certificate.
  let dtls: DTLSContext?
  var rooms: [HostedRoom] = []
  /// Rooms whose pictures are sent before the quantum ends.
  var videoRooms: [HostedRoom] = []
  var roomIndex: [RoomID: HostedRoom] = [:]
  var queue = DatagramQueue()
  var receiveBatch = ReceiveBatch()
  var sendBatch = SendBatch()
  /// What is read from a connection at once.
  var streamBuffer = [UInt8](repeating: 0, count: 65_536)
  var messages: [LoopMessage] = []
  var clock: LoopClock
  var relation = ClockRelation.read()
  var statistics = LoopStatistics()
  /// Of the rooms' Opus encoders.
  var complexity: OpusComplexity
  var isStopping = false
  /// Something was left for the file writer in this quantum.
  var hasWritten = false

  init(shared: LoopShared) throws(SystemError) {
    self.shared = shared
    ports = try LoopPorts(registry: shared.registry, sharedPorts: shared.sharedPorts)
    dtls = shared.certificate.flatMap { try? DTLSContext($0) }
    complexity = OpusComplexity(maximumLoad: shared.settings.maximumLoad)
    clock = LoopClock(quantum: shared.settings.quantum, start: MonotonicClock.now)
    messages.reserveCapacity(256)
  }

  /// The thread's life.
  mutating func run() {
    RuntimeThread.schedule(shared.settings.scheduling)
    var meter = LoadMeter(at: MonotonicClock.now, threadTime: MonotonicClock.threadTime)
    while !(isStopping && rooms.isEmpty) {
      MonotonicClock.sleep(until: clock.deadline)
      let now = MonotonicClock.now
      statistics.quanta &+= 1
      statistics.lateness.record(clock.lateness(at: now))
      resumeHandshakes(at: now)
      drain(at: now)
      applyMessages(at: now)
      sendVideo(at: now)
      tickRooms(at: now)
      ports.streams.flush()
      if hasWritten {
        hasWritten = false
        shared.writer.flush(at: now)
      }
      if let missed = clock.advance(at: now) {
        statistics.stalls &+= 1
        statistics.quantaMissed &+= UInt64(missed)
      }
      if let load = meter.measure(at: now, threadTime: MonotonicClock.threadTime) {
        statistics.load = load
        followLoad(load, at: now)
        closeStrangers(at: now)
        publish()
        relation = .read()
      }
    }
    publish()
  }

  /// Encoders are to try no harder than there is time for.
  private mutating func followLoad(_ load: Double, at now: Instant) {
    guard complexity.follow(load: load, at: now) else { return }
    for host in rooms { host.room.adopt(complexity: complexity.value) }
  }

  private mutating func publish() {
    statistics.opusComplexity = complexity.value
    statistics.rooms = rooms.count
    statistics.legs = ports.count
    statistics.streams = ports.streams.count
    statistics.handshakesPostponed = handshakes.postponed
    statistics.handshakesRefused = handshakes.refused
    shared.publish(statistics)
  }

  /// Hands every datagram that waits to its leg's room.
  private mutating func drain(at now: Instant) {
    var budget = LoopBody.drainBound
    while true {
      let ready = ports.poll()
      for index in 0..<ready {
        guard budget > 0 else {
          statistics.drainsCut &+= 1
          return
        }
        switch ports.ready(index) {
        case nil: break
        case .shared(let port): budget &-= max(1, drain(port, budget: budget, at: now))
        case .listener(let port): accept(from: port, at: now)
        case .stream(let number): budget &-= max(1, drain(stream: number, at: now))
        case .leg(let entry, let sockets, let channel):
          let count =
            switch channel {
            case .rtp, .stream: receiveBatch.receive(from: sockets.rtp)
            case .rtcp: receiveBatch.receive(from: sockets.rtcp)
            }
          budget &-= max(1, count)
          for datagram in 0..<count { receive(datagram, of: entry, channel: channel, at: now) }
          sendUrgent(for: entry.room, at: now)
        }
      }
      if ready < Readiness.capacity { return }
    }
  }

  private mutating func receive(_ datagram: Int, of entry: LoopPorts.Entry, channel: MediaChannel, at now: Instant) {
    guard !receiveBatch.isCut(datagram) else {
      statistics.packetsRefused &+= 1
      return
    }
    statistics.packetsReceived &+= 1
    statistics.octetsReceived &+= UInt64(receiveBatch.payload(datagram).count)
    // What a stranger sends is refused below: it takes nobody's turn.
    if PacketKind.classify(receiveBatch.payload(datagram)) == .dtls,
      entry.room.room.admits(receiveBatch.source(datagram), by: channel, slot: entry.slot, at: now),
      handshakes.postpones(datagram, of: receiveBatch, for: entry.leg, in: entry.room.id, by: channel)
    {
      return
    }
    entry.room.room.receive(
      receiveBatch.payload(datagram), channel: channel, slot: entry.slot, from: receiveBatch.source(datagram),
      at: arrival(receiveBatch.wallTime(datagram), now: now))
  }

  /// Answers of ICE and flights of DTLS leave at once: a call would begin 20 ms later for each of them.
  mutating func sendUrgent(for host: HostedRoom, at now: Instant) {
    guard host.room.isUrgent else { return }
    host.room.sendUrgent(into: &queue)
    send(for: host)
    settle(host, at: now)
  }

  /// The kernel's receive time on our clock. Without it the quantum would show as jitter.
  func arrival(_ wallTime: Int64, now: Instant) -> Instant {
    guard wallTime != 0 else { return now }
    let instant = relation.instant(unixNanoseconds: wallTime)
    // The wall clock may have been set since the relation was read.
    return min(now, max(instant, now.advanced(byMilliseconds: -200)))
  }

  private mutating func tickRooms(at now: Instant) {
    let slot = clock.slot
    var index = 0
    while index < rooms.count {
      let host = rooms[index]
      if host.beat == slot {
        host.room.tick(at: now, into: &queue)
        send(for: host)
        settle(host, at: now)
        if isGone(host, at: now) {
          forget(host)
          continue
        }
      }
      index &+= 1
    }
  }

  private func port(ofSlot slot: Int, in host: HostedRoom) -> LegPort? {
    host.port(ofSlot: slot).flatMap { ports.port($0) }
  }

  /// Sends what the room has queued; datagrams of one socket that follow each other leave with one call.
  mutating func send(for host: HostedRoom) {
    guard !queue.isEmpty else { return }
    var position = 0
    let count = queue.entries.count
    while position < count {
      let first = queue.entries[position]
      let port = port(ofSlot: first.slot, in: host)
      if case .stream = first.channel {
        sendFrame(first, by: port)
        position &+= 1
        continue
      }
      while position < count, !sendBatch.isFull {
        let entry = queue.entries[position]
        if entry.slot == first.slot {
          guard entry.channel == first.channel else { break }
        } else {
          guard entry.channel != .stream, let port, port.isShared(with: self.port(ofSlot: entry.slot, in: host)) else {
            break
          }
        }
        sendBatch.append(offset: entry.offset, count: entry.count, to: entry.destination)
        statistics.octetsSent &+= UInt64(entry.count)
        position &+= 1
      }
      let wanted = sendBatch.count
      var sent = 0
      switch port {
      case .own(let sockets)?:
        switch first.channel {
        case .rtp, .stream: sent = sendBatch.send(queue, on: sockets.rtp)
        case .rtcp: sent = sendBatch.send(queue, on: sockets.rtcp)
        }
      case .shared(let shared)?: sent = sendBatch.send(queue, on: shared.socket)
      case nil: sendBatch.removeAll()
      }
      statistics.packetsSent &+= UInt64(sent)
      statistics.packetsUnsent &+= UInt64(wanted &- sent)
    }
    queue.removeAll()
  }
}
