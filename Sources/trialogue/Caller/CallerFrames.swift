import NIOCore
import NIOWebSocket
import Runtime

/// Whole messages of a callers' WebSocket go to their thread; pings are answered (RFC 6455, section 5.5).
final class CallerFrames: ChannelInboundHandler {
  typealias InboundIn = WebSocketFrame
  typealias OutboundOut = WebSocketFrame

  private let arrivals: Mailbox<CallerWebSocket.Arrival>

  init(_ arrivals: Mailbox<CallerWebSocket.Arrival>) { self.arrivals = arrivals }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let frame = unwrapInboundIn(data)
    switch frame.opcode {
    case .text, .binary: arrivals.post(.message(Array(frame.unmaskedData.readableBytesView)))
    case .ping:
      let pong = WebSocketFrame(fin: true, opcode: .pong, maskKey: .random(), data: frame.unmaskedData)
      context.writeAndFlush(wrapOutboundOut(pong), promise: nil)
    case .connectionClose: context.close(promise: nil)
    default: break
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    arrivals.post(.closed)
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
