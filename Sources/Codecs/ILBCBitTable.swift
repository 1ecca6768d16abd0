/// How many bits of each value of a frame belong to each class of sensitivity, in the order of `ILBCParameters.values`
/// (RFC 3951, section 3.8, table 3.2).
enum ILBCBitTable {
  /// Bits of class 1, the most significant ones of the value, of class 2 and of class 3.
  typealias Split = SIMD3<UInt8>

  static let twentyMilliseconds: [Split] =
    [
      // The spectrum; place and scale of the start state.
      Split(6, 0, 0), Split(7, 0, 0), Split(7, 0, 0),
      Split(2, 0, 0), Split(1, 0, 0), Split(6, 0, 0),
    ]
    + state(57) + [
      // Vectors and gains of the rest of its sub-blocks.
      Split(6, 0, 1), Split(0, 0, 7), Split(0, 0, 7),
      Split(2, 0, 3), Split(1, 1, 2), Split(0, 0, 3),
      // Vectors of the other sub-blocks.
      Split(7, 0, 1), Split(0, 0, 7), Split(0, 0, 7),
      Split(0, 0, 8), Split(0, 0, 8), Split(0, 0, 8),
      // Their gains.
      Split(1, 2, 2), Split(1, 1, 2), Split(0, 0, 3),
      Split(1, 1, 3), Split(0, 2, 2), Split(0, 0, 3),
    ]

  static let thirtyMilliseconds: [Split] =
    [
      Split(6, 0, 0), Split(7, 0, 0), Split(7, 0, 0),
      Split(6, 0, 0), Split(7, 0, 0), Split(7, 0, 0),
      Split(3, 0, 0), Split(1, 0, 0), Split(6, 0, 0),
    ]
    + state(58) + [
      Split(4, 2, 1), Split(0, 0, 7), Split(0, 0, 7),
      Split(1, 1, 3), Split(1, 1, 2), Split(0, 0, 3),
      Split(6, 1, 1), Split(0, 0, 7), Split(0, 0, 7),
      Split(0, 7, 1), Split(0, 0, 8), Split(0, 0, 8),
      Split(0, 7, 1), Split(0, 0, 8), Split(0, 0, 8),
      Split(0, 7, 1), Split(0, 0, 8), Split(0, 0, 8),
      Split(1, 2, 2), Split(1, 2, 1), Split(0, 0, 3),
      Split(0, 2, 3), Split(0, 2, 2), Split(0, 0, 3),
      Split(0, 1, 4), Split(0, 1, 3), Split(0, 0, 3),
      Split(0, 1, 4), Split(0, 1, 3), Split(0, 0, 3),
    ]

  private static func state(_ samples: Int) -> [Split] { Array(repeating: Split(0, 1, 2), count: samples) }
}
