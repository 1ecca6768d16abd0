import ICE
import Primitives
import SecureRTP

/// The way between us and one browser, all on one 5-tuple: ICE finds it, DTLS makes the keys, SRTP uses them; RFC 8835,
/// section 3.4, and RFC 5764.
///
/// ```
///   opening ── handshake done, the certificate is the right one ──► keyed ── good-bye ──► closed
///      └────────── handshake failed, another certificate ──► failed
/// ```
/// Media flows while it is keyed and ICE has a selected pair. An object, because none of its parts can be copied; it goes with
/// its leg from room to room. The context may have been made on another thread: it does not change any more.
final class SecureTransport {
  private enum State {
    case opening
    case keyed(SRTPPair)
    case failed
    case closed
  }

  /// What signalling should know.
  enum News: Hashable {
    case connected
    case failed(LegFailure)
    /// The peer said good-bye.
    case closed
  }

  /// An answer of ICE or a flight of DTLS.
  struct Datagram {
    var octets: [UInt8]
    var destination: CandidatePair
  }

  /// Datagrams that wait to be sent at most; further ones are lost, as on any network.
  static let maximumWaiting = 64
  /// News that wait at most: signalling hears of the latest.
  static let maximumNews = 8

  private var agent: ICELiteAgent
  private let context: DTLSContext
  private var endpoint: DTLSEndpoint?
  private var state = State.opening
  private var plan: DTLSPlan?
  /// Where the last datagram of DTLS came from: flights go there until a pair is selected.
  private var handshakePeer: CandidatePair?
  private var waiting: [Datagram] = []
  private var news: [News] = []
  /// The last news was a failure.
  private var isDown = false
  /// What the selected pair, or the last one, is reached by.
  private(set) var channel = MediaChannel.rtp

  init(_ access: WebRTCAccess, at now: Instant) {
    agent = ICELiteAgent(local: access.credentials, remote: nil, at: now)
    context = access.dtls
  }

  /// The keys; nil before they are made.
  var media: SRTPPair? {
    if case .keyed(let pair) = state { pair } else { nil }
  }

  /// Where media goes; nil while nothing may be sent.
  var destination: TransportAddress? { media == nil ? nil : agent.selectedPair?.remote }

  var hasWaiting: Bool { !waiting.isEmpty }

  /// Hands out what waits to be sent.
  func takeWaiting() -> [Datagram] {
    defer { waiting.removeAll(keepingCapacity: true) }
    return waiting
  }

  func nextNews() -> News? { news.isEmpty ? nil : news.removeFirst() }

  /// Whether media from there is the peer's: it must have proved itself there.
  func admits(_ pair: CandidatePair, at now: Instant) -> Bool {
    agent.selectedPair == pair || agent.isValid(pair, at: now)
  }

  /// Media agreed or agreed anew.
  func adopt(_ plan: DTLSPlan, at now: Instant) {
    let former = self.plan
    self.plan = plan
    let local = plan.localCredentials ?? agent.localCredentials
    var isRestart = local != agent.localCredentials
    if let former { isRestart = isRestart || former.remoteCredentials != plan.remoteCredentials }
    if isRestart {
      perform(agent.restart(local: local, remote: plan.remoteCredentials, at: now), at: now)
    } else {
      agent.setRemote(plan.remoteCredentials, at: now)
    }
    if isRestart || former == nil { for candidate in plan.remoteCandidates { agent.addRemote(candidate) } }
    associate(plan, isNew: isRestart || former?.fingerprints != plan.fingerprints, at: now)
  }

  /// Goes on with the association, or begins another: for another certificate, or after the end of the last one
  /// (RFC 8842, section 5).
  private func associate(_ plan: DTLSPlan, isNew: Bool, at now: Instant) {
    switch state {
    case .opening:
      guard let role = endpoint?.role, role == plan.role else { break }
      return step(at: now) { endpoint throws(DTLSError) in try endpoint?.expect(plan.fingerprints, at: now) }
    case .keyed:
      if endpoint?.isPeer(plan.fingerprints) ?? false { return }
    case .failed, .closed:
      guard isNew else { return }
    }
    state = .opening
    begin(plan.role)
    greet(at: now)
  }

  private func begin(_ role: DTLSRole) {
    do throws(DTLSError) {
      endpoint = try DTLSEndpoint(context, role: role, expecting: plan?.fingerprints)
    } catch {
      fail(LegFailure(error))
    }
  }

  /// Says hello where that is our part and there is a way.
  private func greet(at now: Instant) {
    guard agent.selectedPair != nil, endpoint?.role == .client else { return }
    step(at: now) { endpoint throws(DTLSError) in
      try endpoint?.start(at: now)
      return nil
    }
  }

  /// Takes a STUN message.
  func receiveSTUN(_ datagram: Span<UInt8>, on pair: CandidatePair, at now: Instant) {
    perform(agent.receive(datagram, from: pair.remote, over: pair.transport, at: now), at: now)
  }

  /// A TCP connection of the peer has ended.
  func connectionClosed(_ address: TransportAddress, at now: Instant) {
    perform(agent.connectionClosed(address, at: now), at: now)
  }

  /// Takes a datagram of DTLS; false if it is not wanted.
  func receiveDTLS(_ datagram: Span<UInt8>, on pair: CandidatePair, at now: Instant) -> Bool {
    guard admits(pair, at: now) else { return false }
    switch state {
    case .opening, .keyed: break
    case .failed, .closed: return false
    }
    handshakePeer = pair
    // Before the answer to our offer came, the peer may be the client already.
    if endpoint == nil { begin(plan?.role ?? .server) }
    do throws(DTLSError) {
      follow(try endpoint?.receive(datagram, at: now))
    } catch {
      fail(LegFailure(error))
    }
    collectFlights()
    return true
  }

  /// What is due.
  func tick(at now: Instant) {
    perform(agent.timeout(at: now), at: now)
    guard let deadline = endpoint?.deadline, deadline <= now else { return }
    step(at: now) { endpoint throws(DTLSError) in
      try endpoint?.timeout(at: now)
      return nil
    }
  }

  /// Says good-bye to the peer.
  func close() {
    endpoint?.close()
    collectFlights()
    state = .closed
  }

  private func step(at now: Instant, _ body: (inout DTLSEndpoint?) throws(DTLSError) -> DTLSEvent?) {
    do throws(DTLSError) {
      follow(try body(&endpoint))
    } catch {
      fail(LegFailure(error))
    }
    collectFlights()
  }

  private func perform(_ actions: [ICEAction], at now: Instant) {
    for action in actions {
      switch action {
      case .send(let octets, let pair): enqueue(Datagram(octets: octets, destination: pair))
      case .selected(let pair):
        channel = MediaChannel(pair.transport)
        if isDown, media != nil { tell(.connected) }
        greet(at: now)
      case .stopped(let failure): tell(.failed(LegFailure(failure)))
      case .retired: break
      }
    }
  }

  private func follow(_ event: DTLSEvent?) {
    switch event {
    case .established(let session):
      do throws(SRTPError) {
        state = .keyed(try SRTPPair(session))
        tell(.connected)
      } catch {
        fail(.handshake("the keys are of no use"))
      }
    case .closed:
      state = .closed
      tell(.closed)
    case .awaitsFingerprint, nil: break
    }
  }

  private func fail(_ failure: LegFailure) {
    state = .failed
    tell(.failed(failure))
  }

  private func tell(_ item: News) {
    switch item {
    case .connected, .closed: isDown = false
    case .failed:
      // One failure brings others.
      guard !isDown else { return }
      isDown = true
    }
    if news.count >= Self.maximumNews { news.removeFirst() }
    news.append(item)
  }

  private func enqueue(_ datagram: Datagram) {
    guard waiting.count < Self.maximumWaiting else { return }
    waiting.append(datagram)
  }

  private func collectFlights() {
    guard let destination = agent.selectedPair ?? handshakePeer else { return }
    var buffer = [UInt8](repeating: 0, count: DTLSEndpoint.mtu)
    while true {
      var count = 0
      do {
        var span = buffer.mutableSpan
        count = endpoint?.send(into: &span) ?? 0
      }
      guard count > 0 else { return }
      enqueue(Datagram(octets: Array(buffer.prefix(count)), destination: destination))
    }
  }
}

extension MediaChannel {
  /// Of a browser's way.
  init(_ transport: ICETransport) {
    switch transport {
    case .udp: self = .rtp
    case .tcp: self = .stream
    }
  }

  var transport: ICETransport {
    switch self {
    case .rtp, .rtcp: .udp
    case .stream: .tcp
    }
  }
}

extension DTLSPlan {
  /// Our part in the handshake.
  fileprivate var role: DTLSRole { isClient ? .client : .server }
}
