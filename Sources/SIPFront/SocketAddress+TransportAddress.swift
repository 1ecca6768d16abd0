import NIOCore
import Primitives

extension SocketAddress {
  /// An IP address and a port as NIO wants them.
  init(_ address: TransportAddress) throws {
    try self.init(ipAddress: address.ip.description, port: Int(address.port))
  }

  /// Nil for Unix sockets. IPv4-mapped IPv6 becomes IPv4.
  var transportAddress: TransportAddress? {
    guard let port = self.port, let text = self.ipAddress, let port = UInt16(exactly: port) else { return nil }
    // A link-local address prints with its zone, which `IPAddress` does not know.
    let literal = text.split(separator: "%", maxSplits: 1).first ?? ""
    return IPAddress(literal).map { TransportAddress($0.unmapped, port: port) }
  }
}
