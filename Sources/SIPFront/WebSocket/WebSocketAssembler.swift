import NIOCore
import NIOWebSocket

/// Joins the frames of a WebSocket client to messages: RFC 6455, sections 5.4 and 5.5.
struct WebSocketAssembler {
  /// What frames come to.
  enum Unit: Equatable {
    /// A whole message, text or binary.
    case message([UInt8])
    /// Wants these octets back in a pong.
    case ping(ByteBuffer)
    case pong
    case close
  }

  private enum State {
    case betweenMessages
    case within(isText: Bool, octets: [UInt8])
  }

  /// Octets of a message in all its frames.
  let limit: Int
  private var state = State.betweenMessages

  init(limit: Int) { self.limit = limit }

  /// True if the rest of a message is owed.
  var isWithinMessage: Bool {
    switch state {
    case .betweenMessages: false
    case .within: true
    }
  }

  /// The next frame; nil if its message goes on.
  mutating func append(_ frame: WebSocketFrame) throws(WebSocketViolation) -> Unit? {
    // Section 5.1: what a client sends is masked; section 5.2: no extension is spoken here that gives the other bits a meaning.
    guard frame.maskKey != nil, !frame.rsv1, !frame.rsv2, !frame.rsv3 else { throw .framing }
    let data = frame.unmaskedData
    switch frame.opcode {
    case .text, .binary:
      guard case .betweenMessages = state else { throw .framing }
      return try join([], data, isText: frame.opcode == .text, isLast: frame.fin)
    case .continuation:
      guard case .within(let isText, let octets) = state else { throw .framing }
      // The only reference, so that appending copies nothing.
      state = .betweenMessages
      return try join(octets, data, isText: isText, isLast: frame.fin)
    case .ping: return .ping(data)
    case .pong: return .pong
    case .connectionClose:
      // A reason is two octets of code at least.
      guard data.readableBytes != 1 else { throw .framing }
      return .close
    default: throw .framing
    }
  }

  private mutating func join(
    _ begun: [UInt8], _ data: ByteBuffer, isText: Bool, isLast: Bool
  ) throws(WebSocketViolation) -> Unit? {
    guard begun.count + data.readableBytes <= limit else { throw .size }
    var octets = begun
    octets.append(contentsOf: data.readableBytesView)
    guard isLast else {
      state = .within(isText: isText, octets: octets)
      return nil
    }
    if isText, String(validating: octets, as: UTF8.self) == nil { throw .encoding }
    return .message(octets)
  }
}
