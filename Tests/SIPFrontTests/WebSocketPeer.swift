import Application
import NIOCore
import NIOPosix
import NIOWebSocket
import Primitives
import SIP

@testable import SIPFront

/// A web's listener without HTTP: each connection to it is a WebSocket from the start, and the front's.
final class WebSocketDoor: Sendable {
  let address: TransportAddress
  private let channel: any Channel

  init(_ front: SIPFront) async throws {
    channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          try pipeline.addHandler(WebSocketFrameEncoder())
          try pipeline.addHandler(
            ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: WebSocketFlow.messageLimit)))
          try front.adopt(channel, over: .ws)
        }
      }
      .bind(to: SocketAddress(TransportAddress(.loopbackV4, port: 0))).get()
    address = try present(channel.localAddress?.transportAddress)
    front.announce(.init(.ws, address))
  }

  func close() async { try? await channel.close() }
}

/// A WebSocket client that says what the test tells it to, frame by frame.
final class WebSocketPeer: Sendable {
  private let channel: any Channel
  private let heard: AsyncStream<WebSocketFrame>

  init(_ door: WebSocketDoor) async throws {
    let (heard, continuation) = AsyncStream.makeStream(of: WebSocketFrame.self)
    self.heard = heard
    channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          try pipeline.addHandler(WebSocketFrameEncoder())
          try pipeline.addHandler(ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: 1 << 20)))
          try pipeline.addHandler(Ear(continuation))
        }
      }
      .connect(to: SocketAddress(door.address)).get()
  }

  func say(_ text: String, opcode: WebSocketOpcode = .text, fin: Bool = true) async throws {
    try await say(Array(text.utf8), opcode: opcode, fin: fin)
  }

  func say(_ octets: [UInt8], opcode: WebSocketOpcode, fin: Bool = true) async throws {
    // The encoder masks.
    let frame = WebSocketFrame(fin: fin, opcode: opcode, maskKey: .random(), data: ByteBuffer(bytes: octets))
    try await channel.writeAndFlush(frame)
  }

  /// The next frame; nil when the connection is closed.
  func hear() async -> WebSocketFrame? {
    for await frame in heard { return frame }
    return nil
  }

  func hearMessage() async throws -> SIPMessage {
    let frame = try present(await hear())
    guard frame.opcode == .text, frame.fin else { throw ScriptedPeer.Unexpected() }
    return try SIPParser.parse(datagram: Array(frame.data.readableBytesView))
  }

  func hearResponse() async throws -> SIPResponse {
    guard case .response(let response) = try await hearMessage() else { throw ScriptedPeer.Unexpected() }
    return response
  }

  /// The code that the server closes with.
  func hearClose() async -> WebSocketErrorCode? {
    while var frame = await hear() {
      if frame.opcode == .connectionClose { return frame.data.readWebSocketErrorCode() }
    }
    return nil
  }

  func close() async throws { try await channel.close() }

  /// As a browser sends it: no address of its own anywhere.
  func request(_ method: String, branch: String) -> String {
    [
      "\(method) sip:3000@example.com SIP/2.0", "Via: SIP/2.0/WS df7jal23ls0d.invalid;branch=z9hG4bK\(branch)",
      "Max-Forwards: 70", "From: <sip:a@example.com>;tag=f", "To: <sip:3000@example.com>", "Call-ID: c1",
      "CSeq: 1 \(method)", "Contact: <sip:a@df7jal23ls0d.invalid;transport=ws>", "", "",
    ].joined(separator: "\r\n")
  }

  /// Passes frames to the test.
  private final class Ear: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame
    private let continuation: AsyncStream<WebSocketFrame>.Continuation
    init(_ continuation: AsyncStream<WebSocketFrame>.Continuation) { self.continuation = continuation }
    func channelRead(context: ChannelHandlerContext, data: NIOAny) { continuation.yield(unwrapInboundIn(data)) }
    func channelInactive(context: ChannelHandlerContext) { continuation.finish() }
  }
}
