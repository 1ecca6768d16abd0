import Glibc
import ICE
import Primitives
import Testing

@testable import Runtime

/// A browser's TCP connection on loopback: packets in frames.
final class StreamPeer {
  private let socket: TCPSocket
  private var frames = FramedStream()
  private var buffer = [UInt8](repeating: 0, count: 65_536)
  /// The server has ended the connection.
  private(set) var isClosed = false

  init(_ server: TransportAddress) throws {
    let descriptor = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = server.port.bigEndian
    if case .v4(let bits) = server.ip { address.sin_addr.s_addr = bits.bigEndian }
    let result = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        unsafe connect(descriptor, pointer, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    socket = TCPSocket(owning: descriptor)
    try #require(result == 0)
  }

  /// Octets as they are.
  func write(_ octets: [UInt8]) { _ = socket.send(octets.span, from: 0) }

  func send(_ packet: [UInt8]) {
    var octets: [UInt8] = []
    _ = FramedStream.append(packet.span, to: &octets)
    write(octets)
  }

  /// What has come.
  func receive() throws -> [[UInt8]] {
    switch socket.receive(into: &buffer) {
    case .later: return []
    case .ended:
      isClosed = true
      return []
    case .octets(let count):
      let octets = buffer
      try frames.append(octets.span.extracting(first: count))
    }
    var packets: [[UInt8]] = []
    while let place = try frames.next() { packets.append(Array(frames.octets[place])) }
    return packets
  }
}
