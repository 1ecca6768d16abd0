/// A segment of the residual as three vectors of the codebook, each with its gain (RFC 3951, section 3.6.4).
struct ILBCStages: Sendable {
  /// Up to 255.
  var vectors = InlineArray<3, UInt8>(repeating: 0)
  /// 5, 4 and 3 bits.
  var gains = InlineArray<3, UInt8>(repeating: 0)
}
