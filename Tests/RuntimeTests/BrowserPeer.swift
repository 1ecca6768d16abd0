import Codecs
import Conference
import ICE
import Primitives
import RTP
import SecureRTP
import Testing

@testable import Runtime

/// A browser's socket on loopback: one check that nominates, a handshake as client, SRTP.
final class BrowserPeer {
  private var peer: Peer
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

  init(_ ports: LegPorts) throws {
    var random = RandomSource.seeded(7)
    peer = try Peer()
    server = ports.rtp
    remote = try #require(ports.ice)
    local = ICECredentials(random: &random)
    certificate = try DTLSCertificate.selfSigned()
    endpoint = try DTLSEndpoint(
      DTLSContext(certificate), role: .client, expecting: [try #require(ports.fingerprint)])
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
    peer = try Peer()
    isAnswered = false
    heard = []
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
    _ = peer.send(writer.bytes, to: server)
  }

  /// Takes what has come and goes on.
  func run() throws {
    let now = MonotonicClock.now
    for datagram in peer.receive() {
      switch PacketKind.classify(datagram.bytes.span) {
      case .stun:
        isAnswered = true
        try endpoint.start(at: now)
      case .dtls:
        if case .established(let session) = try endpoint.receive(datagram.bytes.span, at: now) {
          outgoing = try SRTPContext(profile: session.profile, keys: session.outgoing, direction: .outgoing)
          incoming = try SRTPContext(profile: session.profile, keys: session.incoming, direction: .incoming)
        }
      case .rtp: hear(datagram.bytes)
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
      _ = peer.send(Array(buffer.prefix(count)), to: server)
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
    _ = peer.send(Array(octets.prefix(count)), to: server)
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
