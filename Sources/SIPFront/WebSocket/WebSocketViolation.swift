import NIOWebSocket

/// What a WebSocket client did that ends its connection: RFC 6455, section 7.4.1.
enum WebSocketViolation: Error, Hashable, Sendable {
  /// Against the rules of frames.
  case framing
  /// A text that is no UTF-8.
  case encoding
  /// A message beyond the cap.
  case size

  var code: WebSocketErrorCode {
    switch self {
    case .framing: .protocolError
    case .encoding: .dataInconsistentWithMessage
    case .size: .messageTooLarge
    }
  }

  /// What the decoder of frames found; nil for an error of another kind.
  init?(_ error: any Error) {
    switch error as? NIOWebSocketError {
    case .invalidFrameLength: self = .size
    case .fragmentedControlFrame, .multiByteControlFrameLength: self = .framing
    case nil: return nil
    }
  }
}
