import NIOCore
import NIOHTTP1
import Primitives

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Lets a request for an upgrade through to the upgrader, or answers it as any other request is answered, and closes.
final class UpgradeGate: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private let rules: UpgradeRules
  private let isSecure: Bool
  private let isCrowded: Bool
  private let deadline: Duration
  private var hasRefused = false
  private var alarm: Scheduled<Void>?

  /// `deadline`: how long the rest of the request may take.
  init(rules: UpgradeRules, isSecure: Bool, isCrowded: Bool, deadline: Duration) {
    self.rules = rules
    self.deadline = deadline
    self.isSecure = isSecure
    self.isCrowded = isCrowded
  }

  func handlerAdded(context: ChannelHandlerContext) {
    alarm = context.eventLoop.assumeIsolated().scheduleTask(in: .nanoseconds(deadline.nanoseconds)) {
      context.close(promise: nil)
    }
  }

  func handlerRemoved(context: ChannelHandlerContext) { alarm?.cancel() }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if hasRefused { return }
    if case .head(let head) = unwrapInboundIn(data),
      let refusal = isCrowded ? .crowded : rules.refusal(of: head, isSecure: isSecure)
    {
      return refuse(context, refusal.problem)
    }
    context.fireChannelRead(data)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard error is HTTPParserError, !hasRefused else { return context.close(promise: nil) }
    refuse(context, UpgradeRules.Refusal.malformed("This is no HTTP").problem)
  }

  private func refuse(_ context: ChannelHandlerContext, _ problem: Problem) {
    hasRefused = true
    let body = ByteBuffer(bytes: (try? JSONEncoder().encode(problem)) ?? Data())
    var headers: HTTPHeaders = [
      "Content-Type": "application/problem+json", "Content-Length": "\(body.readableBytes)", "Connection": "close",
    ]
    if problem.code == 426 {
      headers.add(name: "Upgrade", value: "websocket")
      headers.add(name: "Sec-WebSocket-Version", value: "13")
    }
    if problem.code == 503 { headers.add(name: "Retry-After", value: "10") }
    let status = HTTPResponseStatus(statusCode: problem.code)
    context.write(
      wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: status, headers: headers))), promise: nil)
    context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
    context.writeAndFlush(wrapOutboundOut(.end(nil))).assumeIsolated().whenComplete { _ in
      context.close(promise: nil)
    }
  }
}
