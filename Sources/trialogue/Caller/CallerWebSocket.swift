import NIOCore
import NIOHTTP1
import NIOPosix
import NIOWebSocket
import Primitives
import Runtime

/// The WebSocket that the callers' SIP goes over, one message in each frame (RFC 7118): one connection for all of them.
final class CallerWebSocket: Sendable {
  enum Arrival: Sendable, Hashable {
    case message([UInt8])
    case closed
  }

  /// Octets of a message.
  static let messageLimit = 1 << 16
  private static let patience = TimeAmount.seconds(10)

  /// Our end of the connection.
  let local: TransportAddress
  /// What has come.
  let arrivals: Mailbox<Arrival>
  private let channel: any Channel

  private init(_ channel: any Channel, local: TransportAddress, arrivals: Mailbox<Arrival>) {
    self.channel = channel
    self.local = local
    self.arrivals = arrivals
  }

  /// Opens a WebSocket at `/sip`.
  /// - Throws: a sentence.
  static func connect(to server: TransportAddress) async throws(TargetProblem) -> CallerWebSocket {
    let arrivals = Mailbox<Arrival>()
    let upgraded: EventLoopFuture<(any Channel)?>
    do {
      upgraded = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .connectTimeout(patience)
        .connect(host: server.ip.description, port: Int(server.port)) { channel in
          channel.eventLoop.makeCompletedFuture { try upgrade(channel, host: server, arrivals) }
        }
    } catch {
      throw TargetProblem("no connection to \(server): \(error)")
    }
    let channel: (any Channel)?
    do { channel = try await upgraded.get() } catch {
      throw TargetProblem("\(server) does not speak WebSocket: \(error)")
    }
    guard let channel, let address = channel.localAddress, let ip = address.ipAddress.flatMap({ IPAddress($0) }),
      let port = address.port.flatMap({ UInt16(exactly: $0) })
    else {
      throw TargetProblem("\(server) does not speak SIP over WebSocket; is it the port of the server's web pages?")
    }
    return CallerWebSocket(channel, local: TransportAddress(ip, port: port), arrivals: arrivals)
  }

  func send(_ octets: [UInt8]) {
    let isText = String(validating: octets, as: UTF8.self) != nil
    channel.writeAndFlush(
      WebSocketFrame(
        fin: true, opcode: isText ? .text : .binary, maskKey: .random(), data: ByteBuffer(bytes: octets)),
      promise: nil)
  }

  func close() {
    var code = ByteBuffer()
    code.write(webSocketErrorCode: .normalClosure)
    let farewell = WebSocketFrame(fin: true, opcode: .connectionClose, maskKey: .random(), data: code)
    channel.writeAndFlush(farewell).whenComplete { [channel] _ in channel.close(promise: nil) }
  }

  /// The future's channel is nil where the server answers with something else.
  private static func upgrade(
    _ channel: any Channel, host: TransportAddress, _ arrivals: Mailbox<Arrival>
  ) throws -> EventLoopFuture<(any Channel)?> {
    let upgrader = NIOTypedWebSocketClientUpgrader<(any Channel)?>(
      maxFrameSize: messageLimit,
      upgradePipelineHandler: { channel, _ in
        channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          try pipeline.addHandler(
            NIOWebSocketFrameAggregator(
              minNonFinalFragmentSize: 1, maxAccumulatedFrameCount: messageLimit,
              maxAccumulatedFrameSize: messageLimit))
          try pipeline.addHandler(CallerFrames(arrivals))
          return channel
        }
      })
    let head = HTTPRequestHead(
      version: .http1_1, method: .GET, uri: "/sip",
      headers: ["Host": "\(host)", "Sec-WebSocket-Protocol": "sip"])
    return try channel.pipeline.syncOperations.configureUpgradableHTTPClientPipeline(
      configuration: NIOUpgradableHTTPClientPipelineConfiguration(
        upgradeConfiguration: NIOTypedHTTPClientUpgradeConfiguration(
          upgradeRequestHead: head, upgraders: [upgrader],
          notUpgradingCompletionHandler: { channel in
            channel.close(promise: nil)
            return channel.eventLoop.makeSucceededFuture(nil)
          })))
  }
}
