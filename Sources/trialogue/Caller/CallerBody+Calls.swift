import ICE
import Primitives
import Runtime
import SDP
import SecureRTP

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
      var placed = PlacedOrder(order: order, port: port)
      var security = LocalSecurity.none
      if order.isBrowser {
        guard let certificate = settings.certificate, dtls != nil else {
          return end(order.id, .local("no certificate can be made"))
        }
        let credentials = ICECredentials(random: &random)
        placed.credentials = credentials
        security = .dtls(
          LocalDTLS(
            ufrag: credentials.ufrag, password: credentials.password, fingerprint: certificate.fingerprint.description,
            candidates: [ICECandidate(local: ports[port].address, transport: .udp).description], isLite: false))
      }
      self.placed[order.id] = placed
      agent?.call(
        order.id, uri: uri, name: order.name, format: order.format, rtp: ports[port].address, security: security,
        at: now)
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
      case .send(let bytes, let destination):
        if let webSocket = settings.webSocket { webSocket.send(bytes) } else { sip.send(bytes.span, to: destination) }
      case .answered(let id, let audio, let after):
        guard let placed = placed.removeValue(forKey: id), let remote = audio.remoteRTP,
          let format = audio.formats.first
        else { continue }
        events.yield(.answered(id, after: after))
        do {
          let browser = try browser(placed, audio, at: now)
          start(placed.order, on: placed.port, remote: remote, payloadType: format.payloadType, browser: browser)
        } catch {
          fail(id, "\(error)", at: now)
        }
      case .moved(let id, let audio):
        // A browser's way is found by its checks, not by descriptions.
        guard let index = streamIndex[id], browsers[index] == nil, let remote = audio.remoteRTP,
          let old = streams[index]?.remote
        else { continue }
        ports[streamPort[index]].move(index, from: old, to: remote)
        streams[index]?.remote = remote
        if let format = audio.formats.first { streams[index]?.payloadType = format.payloadType }
      case .ended(let id, let ending): end(id, ending)
      }
    }
  }

  /// The browser's side of a call that stands; nil for a phone's. Throws a sentence.
  private mutating func browser(_ placed: PlacedOrder, _ audio: AgreedAudio, at now: Instant) throws -> BrowserSide? {
    guard let credentials = placed.credentials, let dtls else { return nil }
    guard case .dtls(let agreed) = audio.security else { throw TargetProblem("the server's answer is no browser's") }
    return try BrowserSide(
      agreed, remote: audio.remoteRTP, local: credentials, context: dtls, random: .seeded(random.next()), at: now)
  }

  mutating func note(_ event: BrowserSide.Event?, of stream: Int, at now: Instant) {
    guard let event, let id = streams[stream]?.id else { return }
    switch event {
    case .secured(let after):
      if let destination = browsers[stream]?.destination { streams[stream]?.remote = destination }
      events.yield(.secured(id, after: after))
    case .failed(let reason): fail(id, reason, at: now)
    }
  }

  /// Hangs up because the call is of no use.
  private mutating func fail(_ id: CallerID, _ reason: String, at now: Instant) {
    // The media of a call that ends may be closed before its end has been told.
    guard case .standing? = agent?.calls[id]?.stage else { return }
    causes[id] = .unusable(reason)
    hangUp(id, at: now)
  }

  private mutating func start(
    _ order: CallerOrder, on port: Int, remote: TransportAddress, payloadType: UInt8, browser: BrowserSide? = nil
  ) {
    let stream = CallerStream(
      order, remote: remote, payloadType: payloadType, random: .seeded(random.next()))
    let index = streams.count
    streams.append(stream)
    streamPort.append(port)
    browsers.append(browser)
    streamIndex[order.id] = index
    ports[port].add(index, partner: remote)
  }

  private mutating func end(_ id: CallerID, _ ending: CallEnding) {
    placed[id] = nil
    let ending = causes.removeValue(forKey: id) ?? ending
    if let index = streamIndex.removeValue(forKey: id), let stream = streams[index] {
      browsers[index]?.close(by: ports[streamPort[index]])
      browsers[index] = nil
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
