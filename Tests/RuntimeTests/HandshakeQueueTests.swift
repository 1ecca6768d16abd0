import Conference
import Primitives
import Testing

@testable import Runtime

@Suite struct HandshakeQueueTests {
  private var queue = HandshakeQueue()

  /// One datagram of DTLS, or of something else, with a number in it.
  private mutating func postpones(_ number: Int, of leg: Int? = nil, first octet: UInt8 = 22) -> Bool {
    let octets: [UInt8] = [octet, 0xFE, UInt8(truncatingIfNeeded: number), UInt8(truncatingIfNeeded: number >> 8)]
    return queue.postpones(
      octets.span, of: LegID(UInt64(leg ?? number)), in: RoomID(1), by: .rtp,
      from: TransportAddress(.loopbackV4, port: 9))
  }

  /// What may go on now, by number.
  private mutating func quantum() -> [Int] {
    queue.beginQuantum()
    var numbers: [Int] = []
    while let item = queue.next() { numbers.append(Int(item.octets[2]) | Int(item.octets[3]) << 8) }
    return numbers
  }

  @Test mutating func aQuantumTakesAFewAndTheOthersGoOnInOrder() {
    let atOnce = HandshakeQueue.perQuantum
    for number in 0..<3 * atOnce { #expect(postpones(number) == (number >= atOnce)) }
    #expect(quantum() == Array(atOnce..<2 * atOnce))
    // Who comes now does not overtake who waits.
    #expect(postpones(1_000))
    #expect(quantum() == Array(2 * atOnce..<3 * atOnce))
    #expect(quantum() == [1_000])
    #expect(!postpones(1_001))
    #expect(queue.postponed == UInt64(2 * atOnce + 1) && queue.refused == 0 && queue.count == 0)
  }

  @Test mutating func nothingButDTLSWaits() {
    for number in 0..<100 { _ = postpones(number) }
    for octet in [0, 1, 128, 191] as [UInt8] { #expect(!postpones(0, first: octet)) }
  }

  @Test mutating func oneLegCannotTakeThePlacesOfOthers() {
    for number in 0..<HandshakeQueue.perQuantum { _ = postpones(number) }
    for number in 0..<100 { #expect(postpones(number, of: 500)) }
    #expect(queue.count == HandshakeQueue.maximumOfLeg)
    #expect(postpones(77, of: 501))
    #expect(quantum() == Array(0..<HandshakeQueue.maximumOfLeg))
    #expect(quantum() == [77])
    queue.beginQuantum()
    // What has gone on leaves its place.
    for number in 0..<HandshakeQueue.perQuantum { _ = postpones(number) }
    #expect(postpones(78, of: 500))
    #expect(quantum() == [78])
  }

  @Test mutating func thePlacesHaveACapAndComeBack() {
    for round in 1...3 {
      let total = HandshakeQueue.perQuantum + HandshakeQueue.maximum + 10
      for number in 0..<total { _ = postpones(number) }
      #expect(queue.count == HandshakeQueue.maximum)
      #expect(queue.refused == UInt64(round * 10))
      var left: [Int] = []
      while queue.count > 0 { left += quantum() }
      #expect(left == Array(HandshakeQueue.perQuantum..<total - 10))
      queue.beginQuantum()
    }
  }
}
