import Primitives
import RTP
import Runtime

/// RTP out and in.
extension CallerBody {
  /// Octets that SRTP adds to a packet at most, in whole.
  private static let tagRoom = 16

  /// Sends the next packet of every stream whose port is due; packets of one socket leave with one call. Does what browsers
  /// have to do by the clock, too.
  mutating func send(slot: Int, of slots: Int, at now: Instant) {
    var index = slot
    while index < ports.count {
      let port = ports[index]
      var offset = 0
      for stream in port.streams {
        if let browser = browsers[stream] { note(browser.timeout(by: port, at: now), of: stream, at: now) }
        if sendBatch.isFull {
          flush(port)
          offset = 0
        }
        offset += write(stream, at: offset, now: now)
      }
      if sendBatch.count > 0 { flush(port) }
      index += slots
    }
  }

  /// Returns the octets of the packet.
  private mutating func write(_ index: Int, at offset: Int, now: Instant) -> Int {
    guard var stream = streams[index] else { return 0 }
    streams[index] = nil
    var count = 0
    if let browser = browsers[index] {
      // Until there are keys nothing is said.
      if browser.destination != nil {
        count = CallerStream.write(&stream, into: &buffer, at: offset, now: now)
        count = protect(browser, offset: offset, count: count)
      }
    } else {
      count = CallerStream.write(&stream, into: &buffer, at: offset, now: now)
    }
    let remote = stream.remote
    streams[index] = stream
    if count > 0 { sendBatch.append(offset: offset, count: count, to: remote) }
    return count
  }

  private mutating func protect(_ browser: BrowserSide, offset: Int, count: Int) -> Int {
    var span = buffer.mutableSpan
    var packet = span._mutatingExtracting(offset..<min(offset + count + CallerBody.tagRoom, span.count))
    return browser.protect(&packet, count: count) ?? 0
  }

  private mutating func flush(_ port: CallerPort) {
    let wanted = sendBatch.count
    let sent = CallerBody.send(&sendBatch, buffer, on: port)
    if window.isOpen { window.unsent += wanted - sent }
  }

  private static func send(_ batch: inout SendBatch, _ buffer: [UInt8], on port: CallerPort) -> Int {
    batch.send(buffer.span, on: port.socket)
  }

  /// Reads what waits on the sockets.
  mutating func receive(at now: Instant) {
    receiveMessages(at: now)
    while true {
      let ready = readiness.poll()
      for index in 0..<ready {
        let token = readiness.token(index)
        if token == CallerBody.sipToken {
          receiveSIP(at: now)
        } else if let place = Int(exactly: token), place < ports.count {
          receiveRTP(ports[place], at: now)
        }
      }
      if ready < Readiness.capacity { return }
    }
  }

  /// What came over the WebSocket.
  private mutating func receiveMessages(at now: Instant) {
    guard let webSocket = settings.webSocket, let server = settings.server else { return }
    var arrivals: [CallerWebSocket.Arrival] = []
    webSocket.arrivals.collect(into: &arrivals)
    for arrival in arrivals {
      switch arrival {
      case .message(let octets): agent?.receive(octets.span, from: server, at: now)
      case .closed: agent?.lose("the server has closed the WebSocket")
      }
    }
  }

  private mutating func receiveSIP(at now: Instant) {
    for _ in 0..<16 {
      let count = receiveBatch.receive(from: sip)
      for datagram in 0..<count where !receiveBatch.isCut(datagram) {
        CallerBody.deliver(receiveBatch, datagram, to: &agent, at: now)
      }
      if count < ReceiveBatch.capacity { return }
    }
  }

  private static func deliver(
    _ batch: borrowing ReceiveBatch, _ datagram: Int, to agent: inout CallAgent?, at now: Instant
  ) {
    agent?.receive(batch.payload(datagram), from: batch.source(datagram), at: now)
  }

  private mutating func receiveRTP(_ port: CallerPort, at now: Instant) {
    let count = receiveBatch.receive(from: port.socket)
    for datagram in 0..<count {
      // A browser has its port for itself.
      if let index = port.streams.first, let browser = browsers[index] {
        let event = CallerBody.deliver(
          receiveBatch, datagram, of: port, to: browser, index, &scratch, &streams, &window, at: now)
        note(event, of: index, at: now)
      } else {
        CallerBody.deliver(receiveBatch, datagram, of: port, to: &streams, &window)
      }
    }
  }

  private static func deliver(
    _ batch: borrowing ReceiveBatch, _ datagram: Int, of port: CallerPort, to browser: BrowserSide, _ index: Int,
    _ scratch: inout [UInt8], _ streams: inout [CallerStream?], _ window: inout LoadWindow, at now: Instant
  ) -> BrowserSide.Event? {
    let packet = batch.payload(datagram)
    let kind = PacketKind.classify(packet)
    switch kind {
    case .stun, .dtls: return browser.receive(packet, kind, from: batch.source(datagram), by: port, at: now)
    case .rtcp: return nil
    case .rtp, .other: break
    }
    var plain: Int?
    if kind == .rtp, !batch.isCut(datagram) {
      var span = scratch.mutableSpan
      for place in packet.indices { span[place] = packet[place] }
      plain = browser.unprotect(&span, count: packet.count)
    }
    let time = batch.wallTime(datagram)
    let content = scratch.span.extracting(0..<(plain ?? 0))
    guard plain != nil, receive(content, time, index, &streams, &window) else {
      if window.isOpen { window.strange += 1 }
      return nil
    }
    return nil
  }

  private static func deliver(
    _ batch: borrowing ReceiveBatch, _ datagram: Int, of port: CallerPort, to streams: inout [CallerStream?],
    _ window: inout LoadWindow
  ) {
    let packet = batch.payload(datagram)
    // RFC 5761, section 4: RTCP that is multiplexed.
    if packet.count >= 2, (192...223).contains(packet[1]) { return }
    guard let index = port.stream(from: batch.source(datagram)),
      receive(packet, batch.wallTime(datagram), index, &streams, &window)
    else {
      if window.isOpen { window.strange += 1 }
      return
    }
  }

  /// Takes a packet for a stream; false if it is none.
  private static func receive(
    _ packet: Span<UInt8>, _ wallTime: Int64, _ index: Int, _ streams: inout [CallerStream?],
    _ window: inout LoadWindow
  ) -> Bool {
    guard var stream = streams[index], let header = try? RTPHeader.parse(packet) else { return false }
    let time = wallTime == 0 ? MonotonicClock.wallTime : wallTime
    // Moved out and in again, so that what it keeps is not copied.
    streams[index] = nil
    let deviation = CallerStream.receive(&stream, header, packet, time: time, isCounted: window.counts(time))
    streams[index] = stream
    if let deviation { window.recordJitter(deviation) }
    return true
  }

  mutating func openWindow(duration: Duration, sampled: [CallerID], keeps: Int) {
    window.open(at: MonotonicClock.wallTime, duration: duration.nanoseconds, sampled: sampled)
    for index in streams.indices { streams[index]?.tally = ReceiveTally() }
    for id in sampled {
      guard let index = streamIndex[id] else { continue }
      streams[index]?.kept = []
      streams[index]?.keepsLeft = keeps
    }
  }

  mutating func closeWindow() {
    guard let range = window.range else { return }
    var measure = LoadMeasure()
    measure.duration = Double(range.count) / 1e9
    measure.hungUp = window.hungUp
    measure.jitter = window.jitter
    measure.lateness = window.lateness
    measure.unsent = window.unsent
    measure.stalls = window.stalls
    measure.strange = window.strange
    measure.ports = ports.map(\.address.port)
    for case let stream? in streams {
      measure.streams += 1
      measure.expected += stream.tally.expected(in: range)
      measure.received += stream.tally.received
      measure.lost += stream.tally.lost
      measure.duplicates += stream.tally.duplicates
      measure.payloadOctets += stream.tally.octets
      measure.longestGap = max(measure.longestGap, Double(stream.tally.longestGap) / 1e6)
      if stream.tally.received == 0 { measure.silent += 1 }
    }
    for id in window.sampled {
      guard let index = streamIndex[id], let stream = streams[index] else { continue }
      measure.sampled.append((id, stream.kept))
    }
    window.close()
    events.yield(.measured(measure))
  }
}
