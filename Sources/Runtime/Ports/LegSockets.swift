import Conference
import Primitives

/// The two sockets of a plain RTP leg: opened by whoever asks for a leg, then handed to the leg's loop.
///
/// They close when the last reference goes, on the loop's thread.
final class LegSockets: Sendable {
  let rtp: UDPSocket
  let rtcp: UDPSocket
  /// The RTP port, even.
  let port: UInt16
  let family: AddressFamily

  init(rtp: consuming UDPSocket, rtcp: consuming UDPSocket, port: UInt16, family: AddressFamily) {
    self.rtp = rtp
    self.rtcp = rtcp
    self.port = port
    self.family = family
  }
}
