import NIOCore
import NIOEmbedded
import Primitives
import Testing

@testable import WebFront

/// What a connection is, is seen by its first octets; nothing of them is lost.
@Suite struct DoormanTests {
  private func judge(_ text: String) -> Doorman.Visitor? { Doorman.judge(ByteBuffer(string: text).readableBytesView) }

  @Test func onlyARequestForSIPIsOne() {
    for text in ["GET /sip HTTP/1.1\r\n", "GET /sip?x=1 HTTP/1.1", "GET /sip "] { #expect(judge(text) == .sip) }
    for text in ["GET / HTTP/1.1", "POST /sip HTTP/1.1", "GET /sippy ", "GET /sip/x ", "get /sip ", "\u{16}", "X"] {
      #expect(judge(text) == .http)
    }
    for text in ["", "G", "GET /si", "GET /sip"] { #expect(judge(text) == nil) }
  }

  @Test(arguments: ["GET /sip HTTP/1.1\r\n\r\n", "GET /rooms HTTP/1.1\r\n\r\n"])
  func octetsThatComeOneByOneArePassedOnWhole(_ text: String) throws {
    var visitors: [Doorman.Visitor] = []
    let channel = EmbeddedChannel(handler: Doorman(deadline: .seconds(1)) { visitors.append($0) })
    defer { _ = try? channel.finish(acceptAlreadyClosed: true) }
    try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    for octet in text.utf8 { try channel.writeInbound(ByteBuffer(bytes: [octet])) }
    var passed = ByteBuffer()
    while var piece = try channel.readInbound(as: ByteBuffer.self) { passed.writeBuffer(&piece) }
    #expect(String(buffer: passed) == text)
    #expect(visitors == [text.contains("/sip") ? .sip : .http])
    channel.embeddedEventLoop.advanceTime(by: .seconds(2))
    #expect(channel.isActive)
  }

  @Test func whoSaysNothingIsShownTheDoor() throws {
    var visitors: [Doorman.Visitor] = []
    let channel = EmbeddedChannel(handler: Doorman(deadline: .seconds(1)) { visitors.append($0) })
    defer { _ = try? channel.finish(acceptAlreadyClosed: true) }
    try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    try channel.writeInbound(ByteBuffer(string: "GET /si"))
    channel.embeddedEventLoop.advanceTime(by: .seconds(2))
    #expect(!channel.isActive)
    #expect(visitors == [.departed])
  }

  @Test func connectionsAreCountedBySourceAndInAll() {
    var limits = ConnectionTally.Limits()
    limits.connectionsPerSource = 2
    limits.connections = 5
    let tally = ConnectionTally(limits: limits)
    let (one, other, third) = (IPAddress.v4(1), IPAddress.v4(2), IPAddress.v4(3))
    #expect((0..<5).map { _ in tally.enter(one) } == [.admitted, .admitted, .crowded, .crowded, .refused])
    #expect(tally.enter(other) == .admitted)
    #expect(tally.enter(third) == .crowded)
    #expect(tally.state.open == 6 && tally.state.refused == 4)
    for _ in 0..<4 { tally.leave(one) }
    #expect(tally.enter(one) == .admitted)
    #expect(tally.state.open == 3)
  }
}
