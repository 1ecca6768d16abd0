import ICE
import Primitives
import RTP
import Runtime
import SDP
import SecureRTP

/// What makes a caller a browser: ICE, the DTLS handshake, SRTP (RFC 8834, RFC 8827). Of the callers' thread alone.
///
/// What it has to send leaves by the caller's own port.
final class BrowserSide {
  /// What happened to its way or its keys.
  enum Event {
    /// Media may flow, so many nanoseconds after the call stood.
    case secured(after: Int64)
    case failed(String)
  }

  private let began: Instant
  private var ice: ICEControllingAgent
  private var dtls: DTLSEndpoint
  private var outgoing: SRTPContext?
  private var incoming: SRTPContext?
  /// Packets that the keys do not fit.
  private(set) var rejected = 0

  /// - Parameters:
  ///   - agreed: what the server's description says of itself.
  ///   - remote: the address of its `m=` and `c=` lines, for one that names no candidate.
  /// - Throws: a sentence.
  init(
    _ agreed: AgreedDTLS, remote: TransportAddress?, local: ICECredentials, context: DTLSContext, random: RandomSource,
    at now: Instant
  ) throws {
    guard let credentials = ICECredentials(ufrag: agreed.ufrag, password: agreed.password) else {
      throw TargetProblem("the server's ICE credentials cannot be used")
    }
    let fingerprints = agreed.fingerprints.compactMap { Fingerprint($0) }
    guard !fingerprints.isEmpty else { throw TargetProblem("the server's fingerprints cannot be used") }
    let candidates = BrowserSide.addresses(of: agreed.candidates, else: remote)
    guard !candidates.isEmpty else { throw TargetProblem("the server has no candidate for UDP") }
    began = now
    ice = ICEControllingAgent(local: local, remote: credentials, candidates: candidates, random: random, at: now)
    dtls = try DTLSEndpoint(context, role: agreed.isClient ? .client : .server, expecting: fingerprints)
  }

  /// Where the server may be by UDP, best first; names are not looked up.
  private static func addresses(of lines: [String], else remote: TransportAddress?) -> [TransportAddress] {
    let candidates = lines.compactMap { ICECandidate($0) }.filter { $0.transport == .udp && $0.component == 1 }
      .sorted { $0.priority > $1.priority }
    let addresses = candidates.compactMap { candidate -> TransportAddress? in
      if case .ip(let ip) = candidate.host { TransportAddress(ip, port: candidate.port) } else { nil }
    }
    return addresses.isEmpty ? [remote].compactMap { $0 } : addresses
  }

  /// Where media goes, once it may flow.
  var destination: TransportAddress? { outgoing == nil ? nil : ice.selected }

  /// Takes a datagram of STUN or DTLS.
  func receive(
    _ datagram: Span<UInt8>, _ kind: PacketKind, from source: TransportAddress, by port: CallerPort, at now: Instant
  ) -> Event? {
    switch kind {
    case .stun:
      let hadWay = ice.selected != nil
      ice.receive(datagram, from: source, at: now)
      drainICE(by: port)
      // Who is the server of the handshake waits for the client's hello.
      guard !hadWay, ice.selected != nil, dtls.role == .client else { return nil }
      do throws(DTLSError) { try dtls.start(at: now) } catch { return end(error, by: port) }
      drainDTLS(by: port)
      return nil
    case .dtls:
      var event: DTLSEvent?
      do throws(DTLSError) { event = try dtls.receive(datagram, at: now) } catch { return end(error, by: port) }
      drainDTLS(by: port)
      return note(event, at: now)
    case .rtp, .rtcp, .other: return nil
    }
  }

  /// Does what is due.
  func timeout(by port: CallerPort, at now: Instant) -> Event? {
    if now >= ice.deadline {
      ice.timeout(at: now)
      drainICE(by: port)
      if case .failed(let failure) = ice.state { return .failed("ICE: \(failure)") }
    }
    guard now >= dtls.deadline else { return nil }
    do throws(DTLSError) { try dtls.timeout(at: now) } catch { return end(error, by: port) }
    drainDTLS(by: port)
    return nil
  }

  /// Protects the packet in the first `count` octets of the span, which has room for the tag; nil without keys.
  func protect(_ packet: inout MutableSpan<UInt8>, count: Int) -> Int? {
    try? outgoing?.protect(rtp: &packet, count: count)
  }

  /// Decrypts in place; nil for what the server cannot have sent.
  func unprotect(_ packet: inout MutableSpan<UInt8>, count: Int) -> Int? {
    if let plain = try? incoming?.unprotect(rtp: &packet, count: count) { return plain }
    rejected += 1
    return nil
  }

  /// Says good-bye to the server's DTLS.
  func close(by port: CallerPort) {
    dtls.close()
    drainDTLS(by: port)
  }

  private func note(_ event: DTLSEvent?, at now: Instant) -> Event? {
    switch event {
    case .established(let session):
      do throws(SRTPError) {
        outgoing = try SRTPContext(profile: session.profile, keys: session.outgoing, direction: .outgoing)
        incoming = try SRTPContext(profile: session.profile, keys: session.incoming, direction: .incoming)
      } catch {
        return .failed("SRTP: \(error)")
      }
      return .secured(after: now.nanoseconds(since: began))
    case .closed: return .failed("DTLS: closed by the server")
    case .awaitsFingerprint, nil: return nil
    }
  }

  /// What the server is told of the failure leaves first.
  private func end(_ error: DTLSError, by port: CallerPort) -> Event {
    drainDTLS(by: port)
    return .failed("DTLS: \(error)")
  }

  private func drainICE(by port: CallerPort) {
    while let (destination, octets) = ice.nextDatagram() { port.socket.send(octets.span, to: destination) }
  }

  private func drainDTLS(by port: CallerPort) {
    guard let destination = ice.selected else { return }
    var buffer = Array(repeating: UInt8(0), count: DTLSEndpoint.mtu)
    while true {
      var count = 0
      do {
        var span = buffer.mutableSpan
        count = dtls.send(into: &span)
      }
      guard count > 0 else { return }
      port.socket.send(buffer.span.extracting(0..<count), to: destination)
    }
  }
}
