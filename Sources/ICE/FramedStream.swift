/// Cuts the octets of a TCP connection into packets: RFC 4571, section 2, as ICE-TCP uses it (RFC 6544, section 3).
///
/// ```
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |             LENGTH            |  STUN, DTLS, RTP or RTCP ...  |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ```
///
/// After `append`, take frames with `next` until there are none; their places in `octets` hold until the next `append`.
package struct FramedStream: Sendable {
  /// Octets of a packet at most: more than any MTU; media and checks are never longer.
  package static let maximumFrame = 4_096
  /// Octets that may wait at most, with those just appended.
  package static let maximumPending = 1 << 17

  /// Why the boundaries of the frames are lost: close the connection.
  package enum Failure: Error, Hashable, Sendable {
    case frameTooLong(Int)
    case tooMuchPending
  }

  package private(set) var octets: [UInt8] = []
  private var consumed = 0
  private var failure: Failure?

  package init() {}

  package var pendingCount: Int { octets.count &- consumed }
  package var isBroken: Bool { failure != nil }

  /// Adds what was read from the connection.
  package mutating func append(_ chunk: Span<UInt8>) throws(Failure) {
    if let failure { throw failure }
    if consumed > 0 {
      octets.removeFirst(consumed)
      consumed = 0
    }
    guard octets.count &+ chunk.count <= Self.maximumPending else { throw fail(.tooMuchPending) }
    for index in 0..<chunk.count { octets.append(chunk[index]) }
  }

  /// The place of the next packet in `octets`, or nil when more octets are needed. Empty frames are passed over.
  package mutating func next() throws(Failure) -> Range<Int>? {
    if let failure { throw failure }
    while octets.count &- consumed >= 2 {
      let count = Int(octets[consumed]) << 8 | Int(octets[consumed &+ 1])
      guard count <= Self.maximumFrame else { throw fail(.frameTooLong(count)) }
      let start = consumed &+ 2
      guard octets.count &- start >= count else { return nil }
      consumed = start &+ count
      if count > 0 { return start..<consumed }
    }
    return nil
  }

  /// Adds `packet` as a frame to what is to be sent; false, and nothing is added, if a peer of our kind would not take it.
  package static func append(_ packet: Span<UInt8>, to stream: inout [UInt8]) -> Bool {
    guard packet.count <= maximumFrame else { return false }
    stream.append(UInt8(truncatingIfNeeded: packet.count >> 8))
    stream.append(UInt8(truncatingIfNeeded: packet.count))
    for index in 0..<packet.count { stream.append(packet[index]) }
    return true
  }

  private mutating func fail(_ failure: Failure) -> Failure {
    self.failure = failure
    octets = []
    consumed = 0
    return failure
  }
}
