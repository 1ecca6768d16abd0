/// One packet that a caller kept.
struct KeptPacket: Sendable {
  /// Counted on without wrapping.
  var sequence: Int64
  var payload: [UInt8]
}
