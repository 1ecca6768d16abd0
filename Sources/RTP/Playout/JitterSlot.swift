/// A packet that the jitter buffer holds, without its payload.
package struct JitterSlot: Hashable, Sendable {
  /// Its place in the buffer's ring.
  package var index: Int
  package var payloadType: UInt8
  package var marker: Bool
  package var sequence: Int64
  package var timestamp: Int64
  /// Octets of payload.
  package var count: Int
}
