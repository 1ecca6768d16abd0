import Primitives
import Runtime

/// An RTP socket of the callers. Mostly it has one stream; where descriptors are scarce several streams share it and are
/// told apart by their partners' addresses.
final class CallerPort {
  let socket: UDPSocket
  let address: TransportAddress
  /// Indices of the loop's streams that use it.
  private(set) var streams: [Int] = []
  private var partners: [TransportAddress: Int] = [:]

  init(_ local: TransportAddress) throws(SystemError) {
    let socket = try UDPSocket(boundTo: local, receiveBuffer: 262_144, sendBuffer: 262_144, trafficClass: 0xB8)
    address = socket.localAddress ?? local
    self.socket = socket
  }

  func add(_ stream: Int, partner: TransportAddress) {
    streams.append(stream)
    partners[partner] = stream
  }

  func remove(_ stream: Int, partner: TransportAddress) {
    streams.removeAll { $0 == stream }
    if partners[partner] == stream { partners[partner] = nil }
  }

  func move(_ stream: Int, from old: TransportAddress, to new: TransportAddress) {
    if partners[old] == stream { partners[old] = nil }
    partners[new] = stream
  }

  /// The stream that a datagram from there belongs to.
  func stream(from source: TransportAddress) -> Int? { partners[source] ?? (streams.count == 1 ? streams[0] : nil) }
}
