import Foundation
import Primitives
import Testing

@testable import SecureRTP

/// Handshakes with the `openssl` program over loopback UDP, in real time.
@Suite(.serialized, .enabled(if: OpenSSLProgram.path != nil, "the openssl program is missing"))
struct DTLSPeerTests {
  /// What the program offers, and the kind of its certificate.
  static let peers = [
    ("SRTP_AES128_CM_SHA1_80", "EC"), ("SRTP_AEAD_AES_128_GCM", "RSA"),
    ("SRTP_AEAD_AES_128_GCM:SRTP_AES128_CM_SHA1_80", "EC"),
  ]

  /// What the program says it exported: client key, server key, client salt, server salt.
  static func material(_ output: String) -> String? {
    output.split(separator: "\n").first { $0.contains("Keying material: ") }?.split(separator: " ").last.map {
      String($0).lowercased()
    }
  }

  static func material(_ session: SRTPSession, _ role: DTLSRole) -> String {
    let client = role == .client ? session.outgoing : session.incoming
    let server = role == .client ? session.incoming : session.outgoing
    return Hex.text(client.key.value + server.key.value + client.salt.value + server.salt.value)
  }

  /// Runs our endpoint until it has keys, and says good-bye.
  static func handshake(
    _ endpoint: inout DTLSEndpoint, _ socket: LoopbackSocket, peer: UInt16?
  ) throws -> SRTPSession? {
    let start = LoopbackSocket.now
    var peer = peer
    var session: SRTPSession?
    func now() -> Instant { Instant(nanoseconds: LoopbackSocket.now) }
    func drain(_ endpoint: inout DTLSEndpoint) {
      var buffer = [UInt8](repeating: 0, count: DTLSEndpoint.mtu)
      while let peer {
        var span = buffer.mutableSpan
        let count = endpoint.send(into: &span)
        if count == 0 { return }
        socket.send(Array(buffer.prefix(count)), to: peer)
      }
    }
    if endpoint.role == .client { try endpoint.start(at: now()) }
    while session == nil, LoopbackSocket.now - start < 10_000_000_000 {
      drain(&endpoint)
      if let (octets, port) = socket.receive(milliseconds: 10) {
        peer = port
        if case .established(let made) = try endpoint.receive(octets.span, at: now()) { session = made }
      }
      if endpoint.deadline <= now() { try endpoint.timeout(at: now()) }
    }
    drain(&endpoint)
    endpoint.close()
    drain(&endpoint)
    return session
  }

  @Test(arguments: peers)
  func aClientOfThatProgramGetsOurKeys(profiles: String, algorithm: String) throws {
    let identity = try OpenSSLProgram.Identity(algorithm)
    defer { identity.remove() }
    let socket = try #require(LoopbackSocket())
    let (process, output, input) = try OpenSSLProgram.start([
      "s_client", "-dtls1_2", "-connect", "127.0.0.1:\(socket.port)", "-use_srtp", profiles, "-cert",
      identity.certificate, "-key", identity.key, "-keymatexport", "EXTRACTOR-dtls_srtp", "-keymatexportlen",
      profiles.hasSuffix("80") && !profiles.contains(":") ? "60" : "56",
    ])
    defer { OpenSSLProgram.stop(process) }
    var endpoint = try DTLSEndpoint(
      DTLSContext(DTLSCertificate.selfSigned()), role: .server, expecting: [identity.fingerprint])
    let session = try #require(try Self.handshake(&endpoint, socket, peer: nil))
    #expect(session.profile.dtlsName == profiles.split(separator: ":").first.map(String.init))
    try input.fileHandleForWriting.close()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    #expect(Self.material(text) == Self.material(session, .server))
  }

  @Test(arguments: peers)
  func aServerOfThatProgramGetsOurKeys(profiles: String, algorithm: String) throws {
    let identity = try OpenSSLProgram.Identity(algorithm)
    defer { identity.remove() }
    let socket = try #require(LoopbackSocket())
    let port = try #require(LoopbackSocket()).port
    let (process, output, input) = try OpenSSLProgram.start([
      "s_server", "-dtls1_2", "-accept", "127.0.0.1:\(port)", "-use_srtp", profiles, "-cert", identity.certificate,
      "-key", identity.key, "-Verify", "1", "-naccept", "1", "-keymatexport", "EXTRACTOR-dtls_srtp",
      "-keymatexportlen", profiles.hasSuffix("80") && !profiles.contains(":") ? "60" : "56",
    ])
    defer { OpenSSLProgram.stop(process) }
    var endpoint = try DTLSEndpoint(
      DTLSContext(DTLSCertificate.selfSigned()), role: .client, expecting: [identity.fingerprint])
    let session = try #require(try Self.handshake(&endpoint, socket, peer: port))
    #expect(session.profile.dtlsName == profiles.split(separator: ":").first.map(String.init))
    try input.fileHandleForWriting.close()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    #expect(Self.material(text) == Self.material(session, .client))
  }

  @Test func aPeerWithoutSRTPIsRefused() throws {
    let identity = try OpenSSLProgram.Identity("EC")
    defer { identity.remove() }
    let socket = try #require(LoopbackSocket())
    let (process, _, _) = try OpenSSLProgram.start([
      "s_client", "-dtls1_2", "-connect", "127.0.0.1:\(socket.port)", "-cert", identity.certificate, "-key",
      identity.key,
    ])
    defer { OpenSSLProgram.stop(process) }
    var endpoint = try DTLSEndpoint(
      DTLSContext(DTLSCertificate.selfSigned()), role: .server, expecting: [identity.fingerprint])
    #expect(throws: DTLSError.noProfile) { _ = try Self.handshake(&endpoint, socket, peer: nil) }
  }

  @Test func aClientWithoutACertificateIsRefused() throws {
    let socket = try #require(LoopbackSocket())
    let (process, _, _) = try OpenSSLProgram.start([
      "s_client", "-dtls1_2", "-connect", "127.0.0.1:\(socket.port)", "-use_srtp", "SRTP_AES128_CM_SHA1_80",
    ])
    defer { OpenSSLProgram.stop(process) }
    var endpoint = try DTLSEndpoint(DTLSContext(DTLSCertificate.selfSigned()), role: .server)
    #expect(throws: DTLSError.handshake("peer did not return a certificate")) {
      _ = try Self.handshake(&endpoint, socket, peer: nil)
    }
  }
}
