import ICE
import Primitives
import RTP
import SecureRTP

/// A browser's side of the transport, in virtual time: a small full ICE agent that nominates the first pair that answers,
/// DTLS in either role, and SRTP around the packets of a `VirtualMember`.
final class VirtualBrowser {
  private struct Check {
    var datagram: [UInt8]
    var transaction: STUNTransactionID
    var nominates: Bool
    var address: TransportAddress
    var again: Instant
    var left: Int
  }

  let certificate: DTLSCertificate
  private let context: DTLSContext
  private(set) var endpoint: DTLSEndpoint
  private(set) var local: ICECredentials
  private var remote: ICECredentials
  /// Where it would like to be; `address` once that has been nominated.
  private(set) var wanted: TransportAddress
  /// Where it sends from.
  private(set) var address: TransportAddress
  private(set) var isNominated = false
  /// Whether it still asks whether we are there.
  var consents = true
  /// Sends its packets in the clear, as an attacker would.
  var isPlain = false
  /// Of what comes.
  var loss = 0.0
  private(set) var error: DTLSError?
  private(set) var events: [DTLSEvent] = []
  private(set) var rejected = 0
  private(set) var plainReceived = 0
  private(set) var connectedAt: Instant?
  /// The last check that it made.
  private(set) var sampleCheck: [UInt8]?
  private var checks: [Check] = []
  private var nextCheck = Instant.zero
  private var outgoing: SRTPContext?
  private var incoming: SRTPContext?
  private var random: RandomSource
  private var out: [(source: TransportAddress, octets: [UInt8])] = []

  init(
    at address: TransportAddress, remote: ICECredentials, server: Fingerprint, role: DTLSRole = .client, seed: UInt64
  ) throws {
    certificate = try DTLSCertificate.selfSigned()
    context = try DTLSContext(certificate)
    endpoint = try DTLSEndpoint(context, role: role, expecting: [server])
    self.address = address
    wanted = address
    self.remote = remote
    random = .seeded(seed)
    local = ICECredentials(random: &random)
  }

  var hasKeys: Bool { outgoing != nil }

  /// Signalling has restarted ICE; the browser is somewhere else now.
  func restart(at address: TransportAddress, remote: ICECredentials, at now: Instant) {
    wanted = address
    self.remote = remote
    isNominated = false
    checks = []
    nextCheck = now
  }

  /// New credentials for a restart.
  func renewCredentials() { local = ICECredentials(random: &random) }

  /// The page is closed.
  func close() {
    endpoint.close()
    collectFlights()
  }

  /// What it sends at this moment: from where, and what.
  func run(at now: Instant) -> [(source: TransportAddress, octets: [UInt8])] {
    for index in checks.indices where now >= checks[index].again && checks[index].left > 0 {
      checks[index].left -= 1
      checks[index].again = now.advanced(byMilliseconds: 100)
      out.append((checks[index].address, checks[index].datagram))
    }
    checks.removeAll { $0.left == 0 }
    if now >= nextCheck, consents {
      nextCheck = now.advanced(byMilliseconds: isNominated ? 4_000 : 300)
      check(nominates: false, at: now)
    }
    if endpoint.deadline <= now {
      do throws(DTLSError) { try endpoint.timeout(at: now) } catch { self.error = error }
    }
    collectFlights()
    defer { out = [] }
    return out
  }

  private func check(nominates: Bool, at now: Instant) {
    let transaction = STUNTransactionID(random: &random)
    var writer = STUNWriter(.request, transaction: transaction)
    writer.add(.username, "\(remote.ufrag):\(local.ufrag)")
    writer.addPriority(110 << 24 | 65_535 << 8 | 255)
    writer.add(ICERole.controlling(tieBreaker: 1))
    if nominates { writer.addUseCandidate() }
    writer.seal(key: Array(remote.password.utf8))
    writer.finish()
    sampleCheck = writer.bytes
    checks.append(
      Check(
        datagram: writer.bytes, transaction: transaction, nominates: nominates, address: wanted, again: now, left: 6))
  }

  /// Takes a datagram; the plain packet if it was media or a report.
  func receive(_ datagram: Span<UInt8>, at now: Instant) -> [UInt8]? {
    guard Double(random.next() >> 11) / 9_007_199_254_740_992 >= loss else { return nil }
    var octets: [UInt8] = []
    for index in datagram.indices { octets.append(datagram[index]) }
    switch PacketKind.classify(datagram) {
    case .stun:
      takeAnswer(octets, at: now)
      return nil
    case .dtls:
      do throws(DTLSError) {
        if let event = try endpoint.receive(datagram, at: now) { take(event, at: now) }
      } catch { self.error = error }
      collectFlights()
      return nil
    case .rtp: return unprotect(octets, isControl: false)
    case .rtcp: return unprotect(octets, isControl: true)
    case .other: return nil
    }
  }

  private func unprotect(_ octets: [UInt8], isControl: Bool) -> [UInt8]? {
    guard incoming != nil else {
      plainReceived += 1
      return nil
    }
    var octets = octets
    var plain: Int?
    do {
      var span = octets.mutableSpan
      let count = span.count
      plain =
        isControl
        ? try? incoming?.unprotect(rtcp: &span, count: count) : try? incoming?.unprotect(rtp: &span, count: count)
    }
    guard let plain else {
      rejected += 1
      return nil
    }
    return Array(octets[..<plain])
  }

  private func takeAnswer(_ octets: [UInt8], at now: Instant) {
    guard let message = try? STUNMessage.parse(octets.span), message.kind == .success,
      message.isAuthentic(octets.span, key: Array(remote.password.utf8)),
      let index = checks.firstIndex(where: { $0.transaction == message.transaction })
    else { return }
    let check = checks.remove(at: index)
    guard !isNominated else { return }
    guard check.nominates else { return self.check(nominates: true, at: now) }
    isNominated = true
    address = check.address
    nextCheck = now.advanced(byMilliseconds: 4_000)
    guard endpoint.role == .client else { return }
    do throws(DTLSError) { try endpoint.start(at: now) } catch { self.error = error }
    collectFlights()
  }

  private func take(_ event: DTLSEvent, at now: Instant) {
    events.append(event)
    guard case .established(let session) = event else { return }
    connectedAt = now
    outgoing = try? SRTPContext(profile: session.profile, keys: session.outgoing, direction: .outgoing)
    incoming = try? SRTPContext(profile: session.profile, keys: session.incoming, direction: .incoming)
  }

  /// Protects a packet of RTP or RTCP; nil before there are keys.
  func protect(_ packet: [UInt8], isControl: Bool = false) -> [UInt8]? {
    if isPlain { return packet }
    var octets = packet + [UInt8](repeating: 0, count: 20)
    var count: Int?
    do {
      var span = octets.mutableSpan
      count =
        isControl
        ? try? outgoing?.protect(rtcp: &span, count: packet.count)
        : try? outgoing?.protect(rtp: &span, count: packet.count)
    }
    return count.map { Array(octets[..<$0]) }
  }

  private func collectFlights() {
    var buffer = [UInt8](repeating: 0, count: DTLSEndpoint.mtu)
    while true {
      var count = 0
      do {
        var span = buffer.mutableSpan
        count = endpoint.send(into: &span)
      }
      guard count > 0 else { return }
      out.append((address, Array(buffer.prefix(count))))
    }
  }
}
