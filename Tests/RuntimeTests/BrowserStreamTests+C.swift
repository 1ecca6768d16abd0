import Glibc
import ICE
import Primitives
import Testing

@testable import Runtime

@Suite struct BrowserStreamTests {
  /// Both ends of a connection.
  private func pair() throws -> (BrowserStream, BrowserStream) {
    var descriptors: [Int32] = [0, 0]
    let result = unsafe descriptors.withUnsafeMutableBufferPointer {
      unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, $0.baseAddress)
    }
    try #require(result == 0)
    func stream(_ descriptor: Int32) -> BrowserStream {
      BrowserStream(
        TCPSocket(owning: descriptor), from: TransportAddress(.loopbackV4, port: UInt16(clamping: descriptor)),
        at: .zero)
    }
    return (stream(descriptors[0]), stream(descriptors[1]))
  }

  /// What a peer does not read waits up to the cap; what comes on top is lost as whole packets.
  @Test func aPeerThatDoesNotReadLosesWholePackets() throws {
    let (near, far) = try pair()
    var sent: [UInt16] = []
    var lost = 0
    var number: UInt16 = 0
    while lost < 10 {
      let packet = [UInt8(number >> 8), UInt8(truncatingIfNeeded: number)] + [UInt8](repeating: 7, count: 998)
      if near.send(packet.span) { sent.append(number) } else { lost += 1 }
      number += 1
    }
    #expect(near.hasUnsent)
    var buffer = [UInt8](repeating: 0, count: 65_536)
    var come: [UInt16] = []
    var rounds = 0
    while come.count < sent.count, rounds < 1_000 {
      rounds += 1
      #expect(far.receive(into: &buffer, at: .zero))
      while let place = try far.nextPacket() {
        let packet = far.frames.octets[place]
        #expect(packet.count == 1_000 && packet.last == 7)
        come.append(UInt16(packet[place.lowerBound]) << 8 | UInt16(packet[place.lowerBound + 1]))
      }
      near.flush()
    }
    #expect(come == sent)
    #expect(!near.hasUnsent)
  }

  @Test func theEndOfAConnectionIsSeenByBoth() throws {
    let (near, far) = try pair()
    var buffer = [UInt8](repeating: 0, count: 100)
    #expect(near.receive(into: &buffer, at: .zero))
    _ = shutdown(far.socket.descriptor, Int32(SHUT_RDWR))
    #expect(!near.receive(into: &buffer, at: .zero))
    let isSent = near.send([1, 2, 3].span)
    #expect(!isSent)
    #expect(near.isBroken && !near.hasUnsent)
  }

  @Test func aFrameThatIsTooLongIsNoPacket() throws {
    let (near, far) = try pair()
    var buffer = [UInt8](repeating: 0, count: 100)
    let isSent = near.send([UInt8](repeating: 0, count: FramedStream.maximumFrame + 1).span)
    #expect(!isSent)
    let outcome = far.socket.send([0x10, 0x01, 0].span, from: 0)
    #expect(outcome == .octets(3))
    #expect(near.receive(into: &buffer, at: .zero))
    #expect(throws: FramedStream.Failure.frameTooLong(0x1001)) { try near.nextPacket() }
  }
}
