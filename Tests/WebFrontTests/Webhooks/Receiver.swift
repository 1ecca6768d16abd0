import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization
import TestSupport

/// A receiver of webhooks on loopback: keeps what it gets, and answers what it is told to.
final class Receiver: Sendable {
  struct Got: Sendable {
    var head: HTTPRequestHead
    var body: [UInt8]
  }

  enum Answer: Sendable {
    case status(Int, location: String? = nil)
    /// 200 with a body.
    case content(String)
    /// An answer that begins, and whose body never ends.
    case endlessBody
    case close
    case silence
  }

  private let state = Mutex<(got: [Got], answers: [Answer])>(([], []))
  private let channel: any Channel

  var got: [Got] { state.withLock { $0.got } }
  var port: Int { channel.localAddress?.port ?? 0 }

  init(_ answers: [Answer] = [], certificate: TestCertificate? = nil) async throws {
    var context: NIOSSLContext?
    if let certificate {
      context = try NIOSSLContext(
        configuration: .makeServerConfiguration(
          certificateChain: try NIOSSLCertificate.fromPEMFile(certificate.certificate).map { .certificate($0) },
          privateKey: .privateKey(try NIOSSLPrivateKey(file: certificate.key, format: .pem))))
    }
    let handler = Mutex<(@Sendable (Got) -> Answer)?>(nil)
    let take: @Sendable (Got) -> Answer = { got in handler.withLock { $0 }?(got) ?? .close }
    channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { [context] channel in
        channel.eventLoop.makeCompletedFuture {
          if let context { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context)) }
          try channel.pipeline.syncOperations.configureHTTPServerPipeline()
          try channel.pipeline.syncOperations.addHandler(Handler(take: take))
        }
      }.bind(host: "127.0.0.1", port: 0).get()
    state.withLock { $0.answers = answers }
    handler.withLock { handler in
      handler = { [weak self] got in
        self?.state.withLock { state in
          state.got.append(got)
          return state.answers.isEmpty ? .status(204) : state.answers.removeFirst()
        } ?? .close
      }
    }
  }

  func close() async { try? await channel.close() }

  private final class Handler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart
    private let take: @Sendable (Got) -> Answer
    private var got: Got?

    init(take: @escaping @Sendable (Got) -> Answer) { self.take = take }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      switch unwrapInboundIn(data) {
      case .head(let head): got = Got(head: head, body: [])
      case .body(let buffer): got?.body.append(contentsOf: buffer.readableBytesView)
      case .end:
        guard let got else { return }
        answer(take(got), context)
      }
    }

    private func answer(_ answer: Answer, _ context: ChannelHandlerContext) {
      switch answer {
      case .silence: break
      case .close: context.close(promise: nil)
      case .endlessBody:
        let head = HTTPResponseHead(version: .http1_1, status: .ok, headers: ["Content-Length": "1000000000000"])
        context.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
      case .content(let text):
        let body = ByteBuffer(string: text)
        let head = HTTPResponseHead(
          version: .http1_1, status: .ok, headers: ["Content-Length": "\(body.readableBytes)"])
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
      case .status(let status, let location):
        var headers: HTTPHeaders = ["Content-Length": "0"]
        if let location { headers.add(name: "Location", value: location) }
        let head = HTTPResponseHead(version: .http1_1, status: .init(statusCode: status), headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
      }
    }
  }
}
