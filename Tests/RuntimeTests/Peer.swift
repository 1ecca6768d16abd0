import Primitives
import Testing

@testable import Runtime

/// A phone's socket on loopback, in copyable terms.
final class Peer {
  struct Datagram {
    var bytes: [UInt8]
    var source: TransportAddress
    var isCut: Bool
    var wallTime: Int64
  }

  private let socket: UDPSocket
  private var batch = ReceiveBatch()
  let address: TransportAddress

  init(_ address: TransportAddress = TransportAddress(.loopbackV4, port: 0)) throws {
    socket = try UDPSocket(boundTo: address)
    let local = socket.localAddress
    self.address = try #require(local)
  }

  func send(_ bytes: [UInt8], to target: TransportAddress) -> Bool { socket.send(bytes.span, to: target) }

  /// What has come, at most one batch.
  func receive() -> [Datagram] {
    var datagrams: [Datagram] = []
    for index in 0..<batch.receive(from: socket) {
      let payload = batch.payload(index)
      var bytes: [UInt8] = []
      for place in payload.indices { bytes.append(payload[place]) }
      datagrams.append(
        Datagram(
          bytes: bytes, source: batch.source(index), isCut: batch.isCut(index), wallTime: batch.wallTime(index)))
    }
    return datagrams
  }
}
