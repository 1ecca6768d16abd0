import Conference
import Primitives

/// The port that all browsers' legs of a loop share, for one family of addresses: UDP, and TCP with the same number for
/// browsers whose network lets no UDP through (RFC 6544).
///
/// Only its loop reads it. A leg that has moved to another loop sends by it from there: its peer must not see another port.
final class SharedPort: Sendable {
  /// SO_RCVBUF, in octets: everybody's packets come in here.
  static let receiveBuffer = 4 << 20

  let socket: UDPSocket
  let listener: TCPListener
  /// What the peer is told.
  let announced: TransportAddress
  /// Of the loop that reads it.
  let home: Mailbox<LoopMessage>

  init(
    boundTo address: TransportAddress, announcing ip: IPAddress?, trafficClass: UInt8, home: Mailbox<LoopMessage>
  ) throws(SystemError) {
    socket = try UDPSocket(
      boundTo: address, receiveBuffer: SharedPort.receiveBuffer, sendBuffer: SharedPort.receiveBuffer,
      trafficClass: trafficClass)
    listener = try TCPListener(boundTo: address)
    announced = TransportAddress(ip ?? address.ip, port: address.port)
    self.home = home
  }
}
