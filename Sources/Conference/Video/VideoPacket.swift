import RTP

/// One packet of a publisher's stream, as far as forwarding has read it. Its octets stay where they were received.
package struct VideoPacket: Sendable {
  package var header: RTPHeader
  /// Sequence number and timestamp, unwrapped.
  package var sequence: Int64
  package var timestamp: Int64
  package var mark: FrameMark

  package init(header: RTPHeader, sequence: Int64, timestamp: Int64, mark: FrameMark) {
    self.header = header
    self.sequence = sequence
    self.timestamp = timestamp
    self.mark = mark
  }
}
