/// The sources that we send in one video section, as `a=ssrc` announces them: RFC 5576 and RFC 8830.
package struct LocalVideoStream: Hashable, Sendable {
  package var ssrc: UInt32
  /// Of the stream of packets that are sent once more (RFC 4588).
  package var retransmission: UInt32
  package var canonicalName: String

  package init(ssrc: UInt32, retransmission: UInt32, canonicalName: String) {
    self.ssrc = ssrc
    self.retransmission = retransmission
    self.canonicalName = canonicalName
  }
}
