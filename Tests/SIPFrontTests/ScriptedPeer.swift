import NIOCore
import NIOPosix
import Primitives
import SIP

@testable import SIPFront

/// A peer on loopback that says what the test tells it to, and hears what comes: no stack, just a socket.
final class ScriptedPeer: Sendable {
  private let channel: any Channel
  private let remote: SocketAddress
  private let isDatagram: Bool
  let address: TransportAddress
  private let heard: AsyncStream<[UInt8]>

  private init(
    _ channel: any Channel, local: SocketAddress?, remote: SocketAddress, isDatagram: Bool, heard: AsyncStream<[UInt8]>
  ) {
    self.channel = channel
    self.remote = remote
    self.isDatagram = isDatagram
    self.heard = heard
    // Who was refused at once may have none any more.
    self.address = local?.transportAddress ?? TransportAddress(.loopbackV4, port: 0)
  }

  /// A UDP socket that talks to one server.
  static func udp(to server: TransportAddress) async throws -> ScriptedPeer {
    let (heard, continuation) = AsyncStream.makeStream(of: [UInt8].self)
    let channel = try await DatagramBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(DatagramEar(continuation))
        }
      }
      .bind(to: SocketAddress(TransportAddress(server.ip.isV6 ? .loopbackV6 : .loopbackV4, port: 0))).get()
    return try ScriptedPeer(
      channel, local: channel.localAddress, remote: SocketAddress(server), isDatagram: true, heard: heard)
  }

  /// A connection to the server.
  static func tcp(to server: TransportAddress) async throws -> ScriptedPeer {
    let (heard, continuation) = AsyncStream.makeStream(of: [UInt8].self)
    // Asked on the loop, as long as it is there.
    let (channel, local) = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(StreamEar(continuation))
        }
      }
      .connect(to: SocketAddress(server)).map { ($0, $0.localAddress) }.get()
    return try ScriptedPeer(channel, local: local, remote: SocketAddress(server), isDatagram: false, heard: heard)
  }

  func say(_ text: String) async throws { try await say(Array(text.utf8)) }

  func say(_ bytes: [UInt8]) async throws {
    let buffer = ByteBuffer(bytes: bytes)
    if isDatagram {
      try await channel.writeAndFlush(AddressedEnvelope(remoteAddress: remote, data: buffer))
    } else {
      try await channel.writeAndFlush(buffer)
    }
  }

  /// What comes next, as it comes; nil when the connection is closed.
  func hearBytes() async -> [UInt8]? {
    for await bytes in heard { return bytes }
    return nil
  }

  /// The next message; on a stream, one message is expected to come in one piece.
  func hear() async throws -> SIPMessage {
    try SIPParser.parse(datagram: try present(await hearBytes()))
  }

  func hearResponse() async throws -> SIPResponse {
    guard case .response(let response) = try await hear() else { throw Unexpected() }
    return response
  }

  func hearRequest() async throws -> SIPRequest {
    guard case .request(let request) = try await hear() else { throw Unexpected() }
    return request
  }

  func close() async throws { try await channel.close() }

  /// A request as a phone behind a translator sends it.
  func request(
    _ method: String, branch: String, to: String = "<sip:3000@example.com>", number: Int = 1, callID: String = "c1",
    headers: [String] = [], body: String = ""
  ) -> String {
    let transport = isDatagram ? "UDP" : "TCP"
    let lines =
      [
        "\(method) sip:3000@\(remote.transportAddress?.description ?? "") SIP/2.0",
        "Via: SIP/2.0/\(transport) 10.99.0.5:5062;branch=z9hG4bK\(branch);rport", "Max-Forwards: 70",
        "From: <sip:a@example.com>;tag=f", "To: \(to)", "Call-ID: \(callID)", "CSeq: \(number) \(method)",
        "Contact: <sip:a@\(address)>",
      ] + headers + ["Content-Length: \(body.utf8.count)", "", body]
    return lines.joined(separator: "\r\n")
  }

  struct Unexpected: Error {}
}

/// The value, or an error that fails the test.
func present<Value>(_ value: Value?) throws -> Value {
  guard let value else { throw ScriptedPeer.Unexpected() }
  return value
}

/// Passes datagrams to the test.
private final class DatagramEar: ChannelInboundHandler {
  typealias InboundIn = AddressedEnvelope<ByteBuffer>
  private let continuation: AsyncStream<[UInt8]>.Continuation
  init(_ continuation: AsyncStream<[UInt8]>.Continuation) { self.continuation = continuation }
  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    continuation.yield(Array(unwrapInboundIn(data).data.readableBytesView))
  }
  func channelInactive(context: ChannelHandlerContext) { continuation.finish() }
}

/// Passes a stream's octets to the test.
private final class StreamEar: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  private let continuation: AsyncStream<[UInt8]>.Continuation
  init(_ continuation: AsyncStream<[UInt8]>.Continuation) { self.continuation = continuation }
  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    continuation.yield(Array(unwrapInboundIn(data).readableBytesView))
  }
  func channelInactive(context: ChannelHandlerContext) { continuation.finish() }
}
