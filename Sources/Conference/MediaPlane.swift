import ICE
import Primitives
import SecureRTP

/// The media server as Application sees it; Runtime implements it with sockets and threads.
///
/// All calls are cheap and may be made from anywhere. Commands and events of one room keep their order.
package protocol MediaPlane: Sendable {
  /// Makes an empty room on one of the loops.
  func openRoom(_ room: RoomID, plan: RoomPlan)

  /// Ends every leg, play and recording of the room.
  func closeRoom(_ room: RoomID)

  /// Opens the ports of a new leg in an existing room; media flows once a plan is set.
  func openLeg(
    _ leg: LegID, in room: RoomID, family: AddressFamily, kind: LegKind
  ) async throws(MediaPlaneError) -> LegPorts

  /// Takes a leg with its ports, statistics and SSRC to another room.
  func moveLeg(_ leg: LegID, from source: RoomID, to destination: RoomID)

  func post(_ command: RoomCommand, to room: RoomID)

  /// Every event of every room. One consumer.
  var events: AsyncStream<(RoomID, RoomEvent)> { get }

  /// Share of one core that the busiest media loop uses, 0 to 1, over the last second.
  var load: Double { get }
}

extension MediaPlane {
  /// Opens the ports of a phone's leg.
  package func openLeg(
    _ leg: LegID, in room: RoomID, family: AddressFamily
  ) async throws(MediaPlaneError) -> LegPorts {
    try await openLeg(leg, in: room, family: family, kind: .plain)
  }
}

/// Which kind of address a leg's ports have.
package enum AddressFamily: Hashable, Sendable { case v4, v6 }

/// What goes into our SDP for a leg.
package struct LegPorts: Hashable, Sendable {
  /// The public address of the media plane and the RTP port; RTCP has the next port unless muxed.
  package var rtp: TransportAddress
  package var rtcp: TransportAddress
  /// Our `a=ice-ufrag` and `a=ice-pwd`; only for `LegKind.webRTC`, as `fingerprint`.
  package var ice: ICECredentials?
  /// Where a browser's leg is reached by TCP (RFC 6544); nil where nobody listens.
  package var stream: TransportAddress?
  /// Of the certificate that all legs share.
  package var fingerprint: Fingerprint?

  package init(
    rtp: TransportAddress, rtcp: TransportAddress, ice: ICECredentials? = nil, fingerprint: Fingerprint? = nil,
    stream: TransportAddress? = nil
  ) {
    self.rtp = rtp
    self.rtcp = rtcp
    self.ice = ice
    self.fingerprint = fingerprint
    self.stream = stream
  }
}

/// Why a leg could not be opened: costs the leg, nothing else.
package enum MediaPlaneError: Error, Hashable, Sendable {
  case noSuchRoom
  /// The port range is used up or the process may open no more sockets.
  case noPorts(reason: String)
  case overloaded
  /// There is no certificate for DTLS, in the library's words: browsers cannot be served.
  case noSecureMedia(reason: String)
  case shuttingDown
}
