import Conference
import Primitives

/// The UDP port that all browsers' legs of a loop share, for one family of addresses.
///
/// Only its loop reads it. A leg that has moved to another loop sends by it from there: its peer must not see another port.
final class SharedPort: Sendable {
  /// SO_RCVBUF, in octets: everybody's packets come in here.
  static let receiveBuffer = 4 << 20

  let socket: UDPSocket
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
    announced = TransportAddress(ip ?? address.ip, port: address.port)
    self.home = home
  }
}
