import Primitives
import Testing

@testable import Runtime

@Suite struct UDPSocketTests {
  @Test(arguments: [IPAddress.loopbackV4, .loopbackV6])
  func carriesDatagramsWithTheirSourceAndReceiveTime(ip: IPAddress) throws {
    let receiver = try Peer(TransportAddress(ip, port: 0))
    let sender = try Peer(TransportAddress(ip, port: 0))
    let before = MonotonicClock.wallTime
    for number in 0..<5 { #expect(sender.send([UInt8(number), 7], to: receiver.address)) }
    let datagrams = receiver.receive()
    #expect(datagrams.map(\.bytes) == (0..<5).map { [$0, 7] })
    for datagram in datagrams {
      #expect(datagram.source == sender.address)
      #expect(!datagram.isCut)
      // The kernel's coarse clock may lag by a tick.
      #expect(datagram.wallTime >= before - 20_000_000)
      #expect(datagram.wallTime <= MonotonicClock.wallTime)
    }
    #expect(receiver.receive().isEmpty)
  }

  @Test func aDatagramLongerThanASlotIsCut() throws {
    let receiver = try Peer()
    let sender = try Peer()
    #expect(sender.send(Array(repeating: 1, count: ReceiveBatch.slot + 1), to: receiver.address))
    #expect(sender.send(Array(repeating: 2, count: ReceiveBatch.slot), to: receiver.address))
    #expect(sender.send([], to: receiver.address) == false, "we never send empty datagrams")
    let datagrams = receiver.receive()
    #expect(datagrams.map(\.isCut) == [true, false])
    #expect(datagrams.last?.bytes.count == ReceiveBatch.slot)
  }

  @Test func aPortIsNeverShared() throws {
    let first = try Peer()
    #expect {
      _ = try Peer(first.address)
    } throws: { error in
      (error as? SystemError)?.isAddressInUse ?? false
    }
  }

  @Test func anAnswerThatNobodyIsThereDoesNotStopTheSocket() throws {
    let peer = try Peer()
    let gone = try Peer().address
    _ = peer.send([1], to: gone)
    _ = peer.send([1], to: gone)
    // The ICMP error is taken by one of these calls.
    #expect(peer.receive().isEmpty)
    #expect(peer.receive().isEmpty)
    #expect(peer.send([9], to: peer.address))
    #expect(peer.receive().count == 1)
  }

  @Test func descriptorsCloseWithTheirSockets() throws {
    #expect(try DescriptorLimit.raise() >= 1_024)
    let address = try Peer().address
    // The port can be bound again at once.
    _ = try Peer(address)
  }
}
