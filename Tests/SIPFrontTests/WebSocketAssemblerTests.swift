import NIOCore
import NIOWebSocket
import Testing

@testable import SIPFront

/// Frames of a client become messages, or end the connection with the right code: RFC 6455.
@Suite struct WebSocketAssemblerTests {
  private static func frame(
    _ opcode: WebSocketOpcode, _ octets: [UInt8], fin: Bool = true, isMasked: Bool = true, rsv1: Bool = false
  ) -> WebSocketFrame {
    var data = ByteBuffer(bytes: octets)
    let key: WebSocketMaskingKey = [1, 2, 3, 4]
    if isMasked { data.webSocketMask(key) }
    return WebSocketFrame(fin: fin, rsv1: rsv1, opcode: opcode, maskKey: isMasked ? key : nil, data: data)
  }

  /// What the frames come to, in order; the violation ends them.
  private func run(_ frames: [WebSocketFrame], limit: Int = 100) -> ([WebSocketAssembler.Unit], WebSocketViolation?) {
    var assembler = WebSocketAssembler(limit: limit)
    var units: [WebSocketAssembler.Unit] = []
    for frame in frames {
      do throws(WebSocketViolation) {
        if let unit = try assembler.append(frame) { units.append(unit) }
      } catch { return (units, error) }
    }
    return (units, nil)
  }

  @Test func wholeMessagesAreTextOrBinary() {
    let (units, violation) = run([Self.frame(.text, [0x61]), Self.frame(.binary, [0xFF]), Self.frame(.text, [])])
    #expect(units == [.message([0x61]), .message([0xFF]), .message([])])
    #expect(violation == nil)
  }

  @Test func fragmentsAreJoinedAndControlFramesMayComeBetween() {
    let (units, violation) = run([
      Self.frame(.text, [0xC3], fin: false), Self.frame(.ping, [7]), Self.frame(.continuation, [], fin: false),
      Self.frame(.pong, []), Self.frame(.continuation, [0xA4]), Self.frame(.binary, [1]),
    ])
    #expect(units == [.ping(ByteBuffer(bytes: [7])), .pong, .message([0xC3, 0xA4]), .message([1])])
    #expect(violation == nil)
  }

  @Test func aMessageIsOwedWhileItsLastFragmentIs() throws {
    var assembler = WebSocketAssembler(limit: 100)
    #expect(!assembler.isWithinMessage)
    _ = try assembler.append(Self.frame(.text, [0x61], fin: false))
    #expect(assembler.isWithinMessage)
    _ = try assembler.append(Self.frame(.continuation, [0x61]))
    #expect(!assembler.isWithinMessage)
  }

  static let wrong: [([WebSocketFrame], WebSocketViolation)] = [
    ([frame(.text, [0x61], isMasked: false)], .framing),
    ([frame(.text, [0x61], rsv1: true)], .framing),
    ([frame(.continuation, [0x61])], .framing),
    ([frame(.text, [0x61], fin: false), frame(.text, [0x61])], .framing),
    ([frame(.text, [0x61], fin: false), frame(.binary, [0x61])], .framing),
    ([frame(WebSocketOpcode(encodedWebSocketOpcode: 3) ?? .text, [])], .framing),
    ([frame(WebSocketOpcode(encodedWebSocketOpcode: 11) ?? .text, [])], .framing),
    ([frame(.connectionClose, [3])], .framing),
    ([frame(.text, [0xFF])], .encoding),
    ([frame(.text, [0xC3], fin: false), frame(.continuation, [0x28])], .encoding),
    ([frame(.binary, Array(repeating: 0, count: 101))], .size),
    (
      [
        frame(.binary, Array(repeating: 0, count: 60), fin: false),
        frame(.continuation, Array(repeating: 0, count: 41)),
      ],
      .size
    ),
  ]

  @Test(arguments: wrong.indices) func whatBreaksTheRulesIsNamed(_ index: Int) {
    let (frames, expected) = Self.wrong[index]
    let (units, violation) = run(frames)
    #expect(units.isEmpty)
    #expect(violation == expected)
  }

  @Test func codesAreThoseOfTheRFC() {
    #expect(WebSocketViolation.framing.code == .protocolError)
    #expect(WebSocketViolation.encoding.code == .dataInconsistentWithMessage)
    #expect(WebSocketViolation.size.code == .messageTooLarge)
    #expect(WebSocketViolation(NIOWebSocketError.invalidFrameLength) == .size)
    #expect(WebSocketViolation(NIOWebSocketError.fragmentedControlFrame) == .framing)
    #expect(WebSocketViolation(ChannelError.eof) == nil)
  }
}
