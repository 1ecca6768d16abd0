import Primitives
import TestSupport
import Testing

@testable import ICE

@Suite struct FramedStreamTests {
  static func packets(_ stream: [UInt8], cuts: [Int]) throws -> [[UInt8]] {
    var framed = FramedStream()
    var packets: [[UInt8]] = []
    var start = 0
    for cut in cuts {
      let end = min(start + cut, stream.count)
      try framed.append(Array(stream[start..<end]))
      start = end
      while let range = try framed.next() { packets.append(Array(framed.octets[range])) }
      #expect(framed.pendingCount <= FramedStream.maximumFrame + 2)
    }
    return packets
  }

  @Test func packetsComeOutHoweverTheStreamIsCut() throws {
    var random = RandomSource.seeded(4_571)
    for _ in 0..<200 {
      var stream: [UInt8] = []
      var sent: [[UInt8]] = []
      for _ in 0..<random.inside(1...12) {
        let packet = random.octets(random.once(in: 4) ? 0 : random.inside(1...300))
        #expect(FramedStream.append(packet, to: &stream))
        if !packet.isEmpty { sent.append(packet) }
      }
      var cuts: [Int] = []
      let largest = random.once(in: 3) ? 2 : 500
      while cuts.reduce(0, +) < stream.count { cuts.append(random.inside(1...largest)) }
      #expect(try Self.packets(stream, cuts: cuts) == sent)
    }
  }

  @Test func aFrameThatIsTooLongEndsTheStream() throws {
    var framed = FramedStream()
    try framed.append([0x10, 0x01])
    #expect(throws: FramedStream.Failure.frameTooLong(4_097)) { try framed.next() }
    #expect(framed.isBroken)
    #expect(framed.pendingCount == 0)
    #expect(throws: FramedStream.Failure.frameTooLong(4_097)) { try framed.append([0]) }
    var stream: [UInt8] = []
    #expect(!FramedStream.append([UInt8](repeating: 0, count: 4_097), to: &stream))
    #expect(stream.isEmpty)
  }

  @Test func whatNobodyTakesDoesNotGrow() throws {
    var framed = FramedStream()
    let chunk = [UInt8](repeating: 0, count: FramedStream.maximumPending)
    try framed.append(chunk)
    #expect(throws: FramedStream.Failure.tooMuchPending) { try framed.append([1]) }
    #expect(framed.isBroken)
  }
}
