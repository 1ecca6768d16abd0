import Primitives

/// Where a stream to a watcher stands when it closes, so that it can go on later, in this room or another: under SRTP no number
/// may be used twice with one SSRC.
package struct ViewNumbers: Hashable, Sendable {
  package var last: StreamNumbers
  package var retransmissionSequence: UInt16
  package var packetCount: UInt32
  package var octetCount: UInt32
  package var closed: Instant

  package init(
    last: StreamNumbers, retransmissionSequence: UInt16, packetCount: UInt32, octetCount: UInt32, closed: Instant
  ) {
    self.last = last
    self.retransmissionSequence = retransmissionSequence
    self.packetCount = packetCount
    self.octetCount = octetCount
    self.closed = closed
  }
}
