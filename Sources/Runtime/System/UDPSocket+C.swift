import CLinux
import Primitives

/// A bound, non-blocking UDP socket (RFC 768); closed when the value ends.
package struct UDPSocket: ~Copyable, Sendable {
  let descriptor: Int32

  /// Opens and binds. Port 0 takes any port. SO_REUSEADDR stays off: two sockets must never share a port.
  /// Buffer sizes are wishes in octets; the traffic class is the octet of RFC 2474 (EF is 0xB8).
  package init(
    boundTo address: TransportAddress, receiveBuffer: Int = 262_144, sendBuffer: Int = 262_144, trafficClass: UInt8 = 0
  ) throws(SystemError) {
    descriptor = try SystemError.check(
      clinux_udp_open(
        clinux_address(address), Int32(clamping: receiveBuffer), Int32(clamping: sendBuffer), Int32(trafficClass)),
      "bind \(address)")
  }

  deinit { clinux_close(descriptor) }

  /// What the socket is bound to, with the port that the kernel chose if it did.
  package var localAddress: TransportAddress? {
    var local = clinux_address()
    guard unsafe clinux_udp_local(descriptor, &local) >= 0 else { return nil }
    return TransportAddress(local)
  }

  /// Sends one datagram; false if the kernel did not take it.
  @discardableResult
  package func send(_ payload: Span<UInt8>, to destination: TransportAddress) -> Bool {
    var outgoing = clinux_outgoing()
    outgoing.destination = clinux_address(destination)
    outgoing.count = UInt32(clamping: payload.count)
    let sent = unsafe payload.withUnsafeBufferPointer { bytes in
      // An empty datagram says nothing, and receivers take it for the end of a stream.
      guard !bytes.isEmpty, let start = bytes.baseAddress else { return Int32(0) }
      return unsafe clinux_udp_send(descriptor, start, &outgoing, 1)
    }
    return sent == 1
  }
}

extension clinux_address {
  @inline(__always)
  init(_ address: TransportAddress) {
    switch address.ip {
    case .v4(let bits): self.init(upper: 0, lower: UInt64(bits), port: address.port, is_v6: false)
    case .v6(let upper, let lower): self.init(upper: upper, lower: lower, port: address.port, is_v6: true)
    }
  }
}

extension TransportAddress {
  @inline(__always)
  init(_ address: clinux_address) {
    let ip =
      address.is_v6
      ? IPAddress.v6(address.upper, address.lower) : .v4(UInt32(truncatingIfNeeded: address.lower))
    self.init(ip, port: address.port)
  }
}
