import Codecs
import Conference
import ICE
import Primitives
import RTP
import SecureRTP
import Testing

@testable import Runtime

/// A browser on loopback: one check that nominates, a handshake as client, SRTP.
final class BrowserPeer {
  /// How it comes.
  enum Way { case datagrams, stream }

  private enum Line {
    case datagrams(Peer)
    case stream(StreamPeer)
  }

  private let way: Way
  private var line: Line
  private let server: TransportAddress
  private var remote: ICECredentials
  let certificate: DTLSCertificate
  private var local: ICECredentials
  private var endpoint: DTLSEndpoint
  private(set) var outgoing: SRTPContext?
  private(set) var incoming: SRTPContext?
  private(set) var isAnswered = false
  /// Payloads of RTP that came, decrypted, with something to be heard in them.
  private(set) var heard: [[UInt8]] = []
  private var sequence: UInt16 = 0
  private var restarted: ICECredentials?
  private var held: [[UInt8]]?

  init(_ ports: LegPorts, by way: Way = .datagrams) throws {
    var random = RandomSource.seeded(7)
    self.way = way
    server = way == .stream ? try #require(ports.stream) : ports.rtp
    line = try Self.line(way, to: server)
    remote = try #require(ports.ice)
    local = ICECredentials(random: &random)
    certificate = try DTLSCertificate.selfSigned()
    endpoint = try DTLSEndpoint(
      DTLSContext(certificate), role: .client, expecting: [try #require(ports.fingerprint)])
  }

  private static func line(_ way: Way, to server: TransportAddress) throws -> Line {
    switch way {
    case .datagrams: .datagrams(try Peer())
    case .stream: .stream(try StreamPeer(server))
    }
  }

  /// Keeps what it would send, from now on, until `release`.
  func hold() { held = held ?? [] }

  func release() {
    let packets = held ?? []
    held = nil
    for packet in packets { send(packet) }
  }

  private func send(_ packet: [UInt8]) {
    guard held == nil else {
      held?.append(packet)
      return
    }
    switch line {
    case .datagrams(let peer): _ = peer.send(packet, to: server)
    case .stream(let peer): peer.send(packet)
    }
  }

  private func receive() throws -> [[UInt8]] {
    switch line {
    case .datagrams(let peer): peer.receive().map(\.bytes)
    case .stream(let peer): try peer.receive()
    }
  }

  /// Comes anew with the credentials that it has.
  func reconnect() throws {
    line = try Self.line(way, to: server)
    isAnswered = false
    heard = []
  }

  var plan: LegPlan {
    let format = PayloadFormat(payloadType: 0, format: .pcmu)
    return LegPlan(
      audio: AudioPlan(
        send: format, receive: [format], remote: nil, rtcpMux: true,
        security: .dtls(
          DTLSPlan(
            localCredentials: restarted, remoteCredentials: local, fingerprints: [certificate.fingerprint]))))
  }

  var hasKeys: Bool { outgoing != nil }

  /// Is somewhere else now and has new credentials: the plan says them.
  func restart() throws {
    var random = RandomSource.system
    let ours = ICECredentials(random: &random)
    restarted = ours
    remote = ours
    local = ICECredentials(random: &random)
    try reconnect()
  }

  func forget() { heard = [] }

  func check() {
    var random = RandomSource.system
    var writer = STUNWriter(.request, transaction: STUNTransactionID(random: &random))
    writer.add(.username, "\(remote.ufrag):\(local.ufrag)")
    writer.addPriority(1 << 30)
    writer.add(ICERole.controlling(tieBreaker: 1))
    writer.addUseCandidate()
    writer.seal(key: Array(remote.password.utf8))
    writer.finish()
    send(writer.bytes)
  }

  /// Takes what has come and goes on.
  func run() throws {
    let now = MonotonicClock.now
    for datagram in try receive() {
      switch PacketKind.classify(datagram.span) {
      case .stun:
        isAnswered = true
        try endpoint.start(at: now)
      case .dtls:
        if case .established(let session) = try endpoint.receive(datagram.span, at: now) {
          outgoing = try SRTPContext(profile: session.profile, keys: session.outgoing, direction: .outgoing)
          incoming = try SRTPContext(profile: session.profile, keys: session.incoming, direction: .incoming)
        }
      case .rtp: hear(datagram)
      case .rtcp, .other: break
      }
    }
    if endpoint.deadline <= now { try endpoint.timeout(at: now) }
    var buffer = [UInt8](repeating: 0, count: DTLSEndpoint.mtu)
    while true {
      var count = 0
      do {
        var span = buffer.mutableSpan
        count = endpoint.send(into: &span)
      }
      guard count > 0 else { return }
      send(Array(buffer.prefix(count)))
    }
  }

  /// Sends 20 ms of a rectangular tone of 500 Hz in PCMU.
  func speak() {
    var octets = [UInt8](repeating: 0, count: RTPHeader.size + 160 + 16)
    for index in 0..<160 { octets[RTPHeader.size + index] = index / 8 % 2 == 0 ? 0x90 : 0x10 }
    var count: Int?
    do {
      var span = octets.mutableSpan
      _ = RTPHeader.write(
        into: &span, payloadType: 0, marker: false, sequence: sequence, timestamp: UInt32(sequence) &* 160, ssrc: 9)
      count = try? outgoing?.protect(rtp: &span, count: RTPHeader.size + 160)
    }
    sequence &+= 1
    guard let count else { return }
    send(Array(octets.prefix(count)))
  }

  private func hear(_ bytes: [UInt8]) {
    var octets = bytes
    var count: Int?
    do {
      var span = octets.mutableSpan
      count = try? incoming?.unprotect(rtp: &span, count: bytes.count)
    }
    guard let count else { return }
    let payload = Array(octets[RTPHeader.size..<count])
    // Silence, of either sign.
    if payload.contains(where: { $0 != 0xFF && $0 != 0x7F }) { heard.append(payload) }
  }
}
