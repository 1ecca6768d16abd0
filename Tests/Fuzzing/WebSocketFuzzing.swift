import NIOCore
import NIOEmbedded
import NIOWebSocket
import Primitives
import TestSupport
import Testing

@testable import SIPFront

/// Octets of a WebSocket client, through the decoder of frames and what joins them.
@Suite struct WebSocketFuzzing {
  /// Small, so that chance finds both of its sides.
  private static let limit = 256

  /// A frame with the mask 0, which leaves its octets as they are.
  private static func frame(_ first: UInt8, _ octets: [UInt8]) -> [UInt8] {
    [first, 0x80 | UInt8(clamping: min(octets.count, 125)), 0, 0, 0, 0] + octets.prefix(125)
  }

  private static let seeds: [[UInt8]] = [
    frame(0x81, Array("OPTIONS sip:a@b SIP/2.0\r\n\r\n".utf8)), frame(0x82, [0, 255]),
    frame(0x01, [0x61]) + frame(0x89, [1]) + frame(0x00, [0x62]) + frame(0x80, [0x63]),
    frame(0x8A, []) + frame(0x88, [3, 232]), frame(0x81, [0xFF]), frame(0xC1, [0x61]), [0x81, 0x01, 0x61],
    [0x82, 0xFE, 0x01, 0x00, 0, 0, 0, 0], [0x82, 0xFF, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0],
    [0x82, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0],
  ]

  @Test func framesComeToMessagesWithinTheCapOrToAViolation() {
    var fuzzer = Fuzzer("websocket", seeds: Self.seeds, limit: 2_048)
    fuzzer.run { (input, random) throws(FuzzFailure) in
      let channel = EmbeddedChannel(handler: ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: Self.limit)))
      defer { _ = try? channel.finish(acceptAlreadyClosed: true) }
      var assembler = WebSocketAssembler(limit: Self.limit)
      var outcome = FuzzOutcome.accepted
      var rest = input[...]
      while !rest.isEmpty {
        // In pieces of any size, as TCP brings them.
        let piece = rest.prefix(random.inside(1...300))
        rest = rest.dropFirst(piece.count)
        do { try channel.writeInbound(ByteBuffer(bytes: piece)) } catch {
          try FuzzFailure.unless(WebSocketViolation(error) != nil, "the decoder's errors are violations", "\(error)")
          return .refused
        }
        while let frame = try? channel.readInbound(as: WebSocketFrame.self) {
          let unit: WebSocketAssembler.Unit?
          do { unit = try assembler.append(frame) } catch {
            var refused = FuzzOutcome.refused
            refused.add("\(error)")
            return refused
          }
          if let unit { try Self.look(at: unit, &outcome) }
        }
      }
      return outcome
    }.check()
  }

  private static func look(
    at unit: WebSocketAssembler.Unit, _ outcome: inout FuzzOutcome
  ) throws(FuzzFailure) {
    switch unit {
    case .message(let octets):
      outcome.add(size: octets.count)
      try FuzzFailure.unless(octets.count <= limit, "a message is within the cap")
    case .ping(let data):
      outcome.add("ping")
      try FuzzFailure.unless(data.readableBytes <= 125, "a control frame is short")
    case .pong: outcome.add("pong")
    case .close: outcome.add("close")
    }
  }
}
