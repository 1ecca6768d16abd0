/// The filters of a frame's sub-blocks.
struct ILBCPrediction: Sendable {
  /// From the line spectral frequencies that are sent.
  var synthesis: InlineArray<6, ILBCFilter>
  /// From the unquantised ones, with wider peaks: noise is shaped by 1/A(z/0.4222) (RFC 3951, section 3.4).
  var weighting: InlineArray<6, ILBCFilter>
}
