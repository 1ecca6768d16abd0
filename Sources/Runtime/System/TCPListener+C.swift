import CLinux
import Primitives

/// A bound, non-blocking listener of TCP (RFC 9293); closed when the value ends.
struct TCPListener: ~Copyable, Sendable {
  /// Connections that may wait to be taken.
  static let backlog: Int32 = 128

  let descriptor: Int32

  /// Port 0 takes any port.
  init(boundTo address: TransportAddress) throws(SystemError) {
    descriptor = try SystemError.check(
      clinux_tcp_listen(clinux_address(address), Self.backlog), "listen on TCP \(address)")
  }

  deinit { clinux_close(descriptor) }

  /// What the listener is bound to, with the port that the kernel chose if it did.
  var localAddress: TransportAddress? {
    var local = clinux_address()
    guard unsafe clinux_udp_local(descriptor, &local) >= 0 else { return nil }
    return TransportAddress(local)
  }

  /// Takes a connection that waits; nil if none does, or none can be taken now.
  func accept(trafficClass: UInt8, at now: Instant) -> BrowserStream? {
    var remote = clinux_address()
    let socket = unsafe clinux_tcp_accept(
      descriptor, &remote, TCPSocket.sendBuffer, TCPSocket.patience, Int32(trafficClass))
    guard socket >= 0 else { return nil }
    return BrowserStream(TCPSocket(owning: socket), from: TransportAddress(remote), at: now)
  }
}
