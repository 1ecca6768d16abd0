import Application
import NIOCore
import NIOPosix
import NIOSSL
import Primitives
import SIP
import TestSupport
import Testing

@testable import SIPFront

/// SIP over TLS on loopback: who is let in with what, and whom we believe (RFC 3261, section 26; RFC 5922).
@Suite(.timeLimit(.minutes(1))) struct TLSTests {
  private let certificate: TestCertificate
  private let identity: TLSIdentity

  init() throws {
    certificate = try TestCertificate(name: "localhost")
    identity = try TLSIdentity(certificate: certificate.certificate, key: certificate.key)
  }

  private func withServer(_ body: (SIPFront, TransportAddress) async throws -> Void) async throws {
    let listener = SIPFrontConfiguration.Listener(.tls, TransportAddress(.loopbackV4, port: 0))
    try await withFront(.answers, listeners: [listener], configure: { $0.identity = identity }) { front, _ in
      try await body(front, present(front.boundAddress(.tls)))
    }
  }

  /// Sends OPTIONS to a URI through another front; what became of it.
  private func ask(
    _ uri: String, trust: TLSTrust, times: Int = 1
  ) async throws -> SignallingEvent {
    let listener = SIPFrontConfiguration.Listener(.tls, TransportAddress(.loopbackV4, port: 0))
    var last: SignallingEvent?
    try await withFront(
      .listens, listeners: [listener],
      configure: {
        $0.identity = identity
        $0.trust = trust
      }
    ) { front, user in
      for number in 1...times {
        var request = SIPRequest(method: .options, uri: .sip(try present(SIPURI(uri))))
        for (name, value) in [
          ("Max-Forwards", "70"), ("From", "<sip:x@example.com>;tag=1"), ("To", "<\(uri)>"), ("Call-ID", "c\(number)"),
          ("CSeq", "1 OPTIONS"),
        ] { request.headers.append(name, value) }
        front.send(request, id: ClientTransactionID(rawValue: UInt64(number)), destination: nil)
        last = try await user.next()
      }
      #expect(await front.counters().connectionsOpened <= 1)
    }
    return try present(last)
  }

  private func isAnswered(_ event: SignallingEvent) -> Bool {
    if case .response(let response, _) = event { response.status == 200 } else { false }
  }

  @Test func aServerThatProvesItsNameIsSpokenWithByOneConnection() async throws {
    try await withServer { server, address in
      for uri in ["sip:a@localhost:\(address.port);transport=tls", "sips:a@localhost:\(address.port)"] {
        let event = try await ask(uri, trust: .authorities(certificate.certificate), times: 3)
        #expect(isAnswered(event))
      }
      #expect(await server.counters().connectionsOpened == 2)
    }
  }

  @Test func aServerThatProvesNothingIsNotSpokenWith() async throws {
    try await withServer { server, address in
      let byName = "sip:a@localhost:\(address.port);transport=tls"
      // Its certificate says nothing of its address.
      let byAddress = "sip:a@127.0.0.1:\(address.port);transport=tls"
      for (uri, trust) in [(byName, TLSTrust.system), (byAddress, .authorities(certificate.certificate))] {
        guard case .failed(_, .unreachable(let reason)) = try await ask(uri, trust: trust) else {
          throw ScriptedPeer.Unexpected()
        }
        #expect(!reason.isEmpty)
      }
      #expect(await server.counters().messagesIn == 0)
      let event = try await ask(byAddress, trust: .anybody)
      #expect(isAnswered(event))
    }
  }

  @Test func aConnectionWithoutTLSGetsNothing() async throws {
    try await withServer { server, address in
      let peer = try await ScriptedPeer.tcp(to: address)
      try await peer.say(peer.request("OPTIONS", branch: "1"))
      while await peer.hearBytes() != nil {}
      #expect(await server.counters().messagesIn == 0)
    }
  }

  @Test func aRenewedCertificateIsForNewConnectionsAndOldOnesLive() async throws {
    try await withServer { server, address in
      let old = try await TLSPeer(to: address, trusting: certificate.certificate)
      try await old.ask()
      try certificate.write(name: "localhost")
      // Not in force yet.
      await #expect(throws: (any Error).self) {
        try await TLSPeer(to: address, trusting: certificate.certificate).ask()
      }
      try identity.renew(certificate: certificate.certificate, key: certificate.key)
      try await TLSPeer(to: address, trusting: certificate.certificate).ask()
      try await old.ask()
      try certificate.spoil()
      #expect(throws: TLSProblem.self) {
        try identity.renew(certificate: certificate.certificate, key: certificate.key)
      }
      try await old.ask()
    }
  }

  @Test func filesThatAreOfNoUseAreNamed() throws {
    let other = try TestCertificate(name: "localhost")
    for (chain, key, file) in [
      ("/nonexistent/c.pem", certificate.key, "/nonexistent/c.pem"),
      (certificate.certificate, "/nonexistent/k.pem", "/nonexistent/k.pem"),
      (certificate.key, certificate.key, certificate.key), (certificate.certificate, other.key, other.key),
    ] {
      #expect { try TLSIdentity(certificate: chain, key: key) } throws: { ($0 as? TLSProblem)?.file == file }
    }
  }
}

/// A SIP client over TLS that trusts one certificate.
private final class TLSPeer: Sendable {
  private let channel: any Channel
  private let heard: AsyncStream<[UInt8]>

  init(to server: TransportAddress, trusting certificate: String) async throws {
    let (heard, continuation) = AsyncStream.makeStream(of: [UInt8].self)
    self.heard = heard
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.trustRoots = .file(certificate)
    let context = try NIOSSLContext(configuration: configuration)
    channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          try pipeline.addHandler(NIOSSLClientHandler(context: context, serverHostname: "localhost"))
          try pipeline.addHandler(Ear(continuation))
        }
      }
      .connect(to: SocketAddress(server)).get()
  }

  /// An OPTIONS, answered with 200, or an error.
  func ask() async throws {
    let text = [
      "OPTIONS sip:3000@localhost SIP/2.0", "Via: SIP/2.0/TLS a.invalid;branch=z9hG4bK\(UInt64.random(in: 0 ... .max))",
      "Max-Forwards: 70", "From: <sip:a@example.com>;tag=f", "To: <sip:3000@localhost>", "Call-ID: c",
      "CSeq: 1 OPTIONS",
      "Content-Length: 0", "", "",
    ].joined(separator: "\r\n")
    try await channel.writeAndFlush(ByteBuffer(string: text))
    for await octets in heard {
      guard case .response(let response) = try SIPParser.parse(datagram: octets) else {
        throw ScriptedPeer.Unexpected()
      }
      #expect(response.status == 200)
      return
    }
    throw ScriptedPeer.Unexpected()
  }

  private final class Ear: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private let continuation: AsyncStream<[UInt8]>.Continuation
    init(_ continuation: AsyncStream<[UInt8]>.Continuation) { self.continuation = continuation }
    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      continuation.yield(Array(unwrapInboundIn(data).readableBytesView))
    }
    func channelInactive(context: ChannelHandlerContext) { continuation.finish() }
    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
  }
}
