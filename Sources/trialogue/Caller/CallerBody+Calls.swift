import Primitives
import Runtime
import SDP

/// Calls that come to stand and end.
extension CallerBody {
  mutating func place(_ order: CallerOrder, at now: Instant) {
    switch order.partner {
    case .plain(let local, let remote, let payloadType):
      guard let port = open(local, of: order) else { return }
      start(order, on: port, remote: remote, payloadType: payloadType)
      events.yield(.answered(order.id, after: 0))
    case .sip(let uri):
      guard let port = port(for: order) else { return }
      placed[order.id] = (order, port)
      agent?.call(
        order.id, uri: uri, name: order.name, format: order.format, rtp: ports[port].address, at: now)
    }
  }

  mutating func hangUp(_ id: CallerID, at now: Instant) {
    guard let agent, agent.calls[id] != nil else {
      return end(id, .ours)
    }
    self.agent?.hangUp(id, at: now)
  }

  /// Carries out what the user agent wants.
  mutating func drainAgent(at now: Instant) {
    while let action = agent?.nextAction() {
      switch action {
      case .send(let bytes, let destination): sip.send(bytes.span, to: destination)
      case .answered(let id, let audio, let after):
        guard let (order, port) = placed.removeValue(forKey: id), let remote = audio.remoteRTP,
          let format = audio.formats.first
        else { continue }
        start(order, on: port, remote: remote, payloadType: format.payloadType)
        events.yield(.answered(id, after: after))
      case .moved(let id, let audio):
        guard let index = streamIndex[id], let remote = audio.remoteRTP, let old = streams[index]?.remote else {
          continue
        }
        ports[streamPort[index]].move(index, from: old, to: remote)
        streams[index]?.remote = remote
        if let format = audio.formats.first { streams[index]?.payloadType = format.payloadType }
      case .ended(let id, let ending): end(id, ending)
      }
    }
  }

  private mutating func start(_ order: CallerOrder, on port: Int, remote: TransportAddress, payloadType: UInt8) {
    let stream = CallerStream(
      order, remote: remote, payloadType: payloadType, random: .seeded(random.next()))
    let index = streams.count
    streams.append(stream)
    streamPort.append(port)
    streamIndex[order.id] = index
    ports[port].add(index, partner: remote)
  }

  private mutating func end(_ id: CallerID, _ ending: CallEnding) {
    placed[id] = nil
    if let index = streamIndex.removeValue(forKey: id), let stream = streams[index] {
      if window.isOpen { window.hungUp += 1 }
      ports[streamPort[index]].remove(index, partner: stream.remote)
      // The packets that it still has to be taken leave with the end.
      if !stream.kept.isEmpty { events.yield(.taken(id, stream.kept)) }
      streams[index] = nil
    }
    events.yield(.ended(id, ending))
  }

  /// A port with room for a stream more; the last one, or a new one.
  private mutating func port(for order: CallerOrder) -> Int? {
    if settings.streamsPerSocket > 1, lastPortUsers > 0, lastPortUsers < settings.streamsPerSocket {
      lastPortUsers += 1
      return ports.count - 1
    }
    lastPortUsers = 1
    return open(TransportAddress(settings.local, port: 0), of: order)
  }

  private mutating func open(_ local: TransportAddress, of order: CallerOrder) -> Int? {
    do throws(SystemError) {
      let port = try CallerPort(local)
      _ = readiness.add(port.socket, token: UInt64(ports.count))
      ports.append(port)
      return ports.count - 1
    } catch {
      events.yield(.ended(order.id, .local("\(error)")))
      return nil
    }
  }
}
