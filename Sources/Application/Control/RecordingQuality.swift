/// How well a party of a recording was received in one of its calls.
package struct RecordingQuality: Codable, Hashable, Sendable {
  package var party: String
  package var codec: String
  package var packetsReceived: UInt64
  package var packetsLost: UInt64
  package var packetsLate: UInt64
  package var framesConcealed: UInt64
  /// Interarrival jitter, RFC 3550, section 6.4.1; as in `CallDescription`.
  package var jitter: Double

  package init(
    party: String, codec: String, packetsReceived: UInt64, packetsLost: UInt64, packetsLate: UInt64,
    framesConcealed: UInt64, jitter: Double
  ) {
    self.party = party
    self.codec = codec
    self.packetsReceived = packetsReceived
    self.packetsLost = packetsLost
    self.packetsLate = packetsLate
    self.framesConcealed = framesConcealed
    self.jitter = jitter
  }
}
