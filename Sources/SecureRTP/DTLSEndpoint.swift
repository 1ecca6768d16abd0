import Primitives

/// One end of a DTLS 1.2 association that makes SRTP keys; RFC 5764, RFC 6347 and RFC 8827, section 6.5.
///
/// Datagrams go in by `receive` and come out by `send`; after every call `send` is to be asked until it has none. No
/// cookie is asked of a client: ICE has proved its address before its first datagram is let in here. A handshake costs
/// about half a millisecond of elliptic curves: whoever minds may run it on another thread, together with its context.
///
/// Time: OpenSSL measures the wait for an answer by the system's clock and shows only what is left of it. `deadline` is
/// that, carried over to our instants; `timeout` has OpenSSL look again. Should its clock be behind ours, the deadline
/// moves on by what is left.
package struct DTLSEndpoint: ~Copyable {
  /// How long a handshake may take, in milliseconds.
  package static let patience: Int64 = 30_000
  /// Octets of the longest datagram that is read.
  package static let maximumDatagramCount = 16_384
  /// Datagrams of one handshake that are read at most: a usual one takes four.
  package static let maximumHandshakeDatagrams = 512

  private enum State {
    case idle
    case handshaking(until: Instant)
    /// Done, but the peer may be anybody.
    case unverified(SRTPSession, certificate: [UInt8])
    case established
    case closed
    case failed(DTLSError)
  }

  package let role: DTLSRole
  /// When `timeout` is to be called.
  package private(set) var deadline = Instant.distantFuture
  /// Datagrams that were no DTLS, too long, or too many.
  package private(set) var droppedIncoming = 0
  private let connection: DTLSConnection
  private var state = State.idle
  private var expected: [Fingerprint]?
  private var handshakeDatagrams = 0

  /// - Parameter fingerprints: what the peer's session description says; nil if it has not come yet. With several, one
  ///   must match.
  package init(_ context: DTLSContext, role: DTLSRole, expecting fingerprints: [Fingerprint]? = nil) throws(DTLSError) {
    connection = try DTLSConnection(context, role: role)
    self.role = role
    expected = fingerprints
  }

  /// True once keys were handed out, until the end.
  package var isEstablished: Bool {
    if case .established = state { true } else { false }
  }

  /// Datagrams that nobody took by `send` in time.
  package var droppedOutgoing: Int { connection.droppedOutgoing }

  /// Begins: a client says hello. To be called when there is a way to the peer; a server begins by itself with the
  /// first datagram.
  package mutating func start(at now: Instant) throws(DTLSError) {
    guard case .idle = state else { return }
    state = .handshaking(until: now.advanced(byMilliseconds: Self.patience))
    _ = try advance(at: now)
  }

  /// Takes a datagram.
  /// - Throws: why the association is over; an alert for the peer may wait in `send`.
  package mutating func receive(_ datagram: Span<UInt8>, at now: Instant) throws(DTLSError) -> DTLSEvent? {
    // RFC 7983, section 7.
    guard datagram.count > 0, datagram.count <= Self.maximumDatagramCount, (20...63).contains(datagram[0]) else {
      droppedIncoming &+= 1
      return nil
    }
    switch state {
    case .idle:
      switch role {
      case .client:
        droppedIncoming &+= 1
        return nil
      case .server: state = .handshaking(until: now.advanced(byMilliseconds: Self.patience))
      }
    case .handshaking:
      handshakeDatagrams &+= 1
      guard handshakeDatagrams < Self.maximumHandshakeDatagrams else {
        droppedIncoming &+= 1
        return nil
      }
    case .unverified, .established:
      connection.offer(datagram)
      return afterwards(connection.read(), at: now)
    case .closed, .failed:
      return nil
    }
    connection.offer(datagram)
    return try advance(at: now)
  }

  /// Says who the peer should be, if that was not known before.
  package mutating func expect(_ fingerprints: [Fingerprint], at now: Instant) throws(DTLSError) -> DTLSEvent? {
    expected = fingerprints
    guard case .unverified(let session, let certificate) = state else { return nil }
    return try verify(certificate, session, at: now)
  }

  /// Whether the peer of this association is the one that a later session description names; false before its
  /// certificate came.
  package func isPeer(_ fingerprints: [Fingerprint]) -> Bool {
    guard let certificate = connection.peerCertificate else { return false }
    return fingerprints.contains { $0.matches(certificate: certificate) }
  }

  /// The next datagram for the peer, copied to the start of a span of at least `DTLSEndpoint.mtu` octets.
  /// - Returns: its octets, 0 if there is none. One that does not fit is lost.
  package mutating func send(into datagram: inout MutableSpan<UInt8>) -> Int {
    while let next = connection.next() {
      guard next.count <= datagram.count else { continue }
      for index in next.indices { datagram[index] = next[index] }
      return next.count
    }
    return 0
  }

  /// Octets of the longest datagram that `send` has.
  package static var mtu: Int { DTLSConnection.mtu }

  /// Repeats what was not answered, and gives up in the end.
  package mutating func timeout(at now: Instant) throws(DTLSError) {
    guard now >= deadline else { return }
    if case .handshaking(let end) = state, now >= end { throw fail(.timedOut) }
    if case .failed(let reason) = connection.repeatFlight() { throw fail(.handshake(reason)) }
    schedule(at: now)
  }

  /// Says good-bye to the peer.
  package mutating func close() {
    switch state {
    case .idle: break
    case .handshaking, .unverified, .established: connection.shutdown()
    case .closed, .failed: return
    }
    state = .closed
    deadline = .distantFuture
  }

  private mutating func advance(at now: Instant) throws(DTLSError) -> DTLSEvent? {
    switch connection.handshake() {
    case .waiting:
      schedule(at: now)
      return nil
    case .closed:
      return end()
    case .failed(let reason):
      throw fail(.handshake(reason))
    case .done:
      guard let session = connection.keys(for: role) else { throw refuse(.noProfile) }
      guard let certificate = connection.peerCertificate else { throw refuse(.fingerprint) }
      let event = try verify(certificate, session, at: now)
      // What came with the last flight or overtook it. A good-bye makes the keys needless.
      return afterwards(connection.read(), at: now) ?? event
    }
  }

  private mutating func verify(
    _ certificate: [UInt8], _ session: SRTPSession, at now: Instant
  ) throws(DTLSError) -> DTLSEvent? {
    guard let expected else {
      state = .unverified(session, certificate: certificate)
      schedule(at: now)
      return .awaitsFingerprint
    }
    guard expected.contains(where: { $0.matches(certificate: certificate) }) else { throw refuse(.fingerprint) }
    state = .established
    schedule(at: now)
    return .established(session)
  }

  private mutating func afterwards(_ step: DTLSConnection.Step, at now: Instant) -> DTLSEvent? {
    switch step {
    case .waiting, .done:
      schedule(at: now)
      return nil
    // What OpenSSL calls a failure after the handshake is the peer's fatal alert.
    case .closed, .failed: return end()
    }
  }

  private mutating func end() -> DTLSEvent? {
    connection.shutdown()
    state = .closed
    deadline = .distantFuture
    return .closed
  }

  /// The handshake went well, but we do not want this peer: it is told by a good-bye.
  private mutating func refuse(_ error: DTLSError) -> DTLSError {
    connection.shutdown()
    return fail(error)
  }

  private mutating func fail(_ error: DTLSError) -> DTLSError {
    state = .failed(error)
    deadline = .distantFuture
    return error
  }

  /// The earlier of OpenSSL's wait and our patience.
  private mutating func schedule(at now: Instant) {
    var next = Instant.distantFuture
    if case .handshaking(let end) = state { next = end }
    if let left = connection.timeLeft {
      // Not at once again: OpenSSL's clock may be a little behind.
      next = min(
        next, now.advanced(byNanoseconds: max(left, 1_000).multipliedReportingOverflow(by: 1_000).partialValue))
    }
    deadline = next
  }
}
