import Conference

/// What a media loop has done since it started. Published once a second.
package struct LoopStatistics: Hashable, Sendable {
  package var quanta: UInt64 = 0
  package var lateness = LatenessHistogram()
  /// Datagrams of legs, with RTCP.
  package var packetsReceived: UInt64 = 0
  package var packetsSent: UInt64 = 0
  package var octetsReceived: UInt64 = 0
  package var octetsSent: UInt64 = 0
  /// Longer than a slot of the receive batch, or for a port whose leg had just left.
  package var packetsRefused: UInt64 = 0
  /// Not taken by the kernel: buffer full, no route.
  package var packetsUnsent: UInt64 = 0
  /// Quanta whose drain came to its bound; the rest waited in the kernel.
  package var drainsCut: UInt64 = 0
  /// Times that the loop stood still for more than 100 ms and started its clock anew.
  package var stalls: UInt64 = 0
  /// Quanta that stalls cost.
  package var quantaMissed: UInt64 = 0
  package var rooms: Int = 0
  package var legs: Int = 0
  /// TCP connections of browsers.
  package var streams: Int = 0
  /// Those that had no place, were too slow to say whose they are, or said rubbish.
  package var streamsRefused: UInt64 = 0
  /// Datagrams of DTLS that waited for another quantum, because many browsers came at once.
  package var handshakesPostponed: UInt64 = 0
  /// Those that found no place to wait.
  package var handshakesRefused: UInt64 = 0
  /// Share of a core over the last second, 0 to 1.
  package var load: Double = 0
  /// What the load allows the Opus encoders, where no plan says otherwise: 0 to 10.
  package var opusComplexity = OpusComplexity.usual

  package init() {}
}
