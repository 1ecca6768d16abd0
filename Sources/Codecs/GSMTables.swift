/// The numbers of GSM 06.10, section 5.4.
enum GSMTables {
  /// How log area ratios are quantised (A, B, MIC, MAC) and made again (INVA): table 5.1 and 5.2.
  static var ratioScales: InlineArray<8, Int32> { [20_480, 20_480, 20_480, 20_480, 13_964, 15_360, 8_534, 9_036] }
  static var ratioOffsets: InlineArray<8, Int32> { [0, 0, 2_048, -2_560, 94, -1_792, -341, -1_144] }
  static var lowestRatios: InlineArray<8, Int32> { [-32, -32, -16, -16, -8, -8, -4, -4] }
  static var inverseRatioScales: InlineArray<8, Int32> {
    [13_107, 13_107, 13_107, 13_107, 19_223, 17_476, 31_454, 29_708]
  }

  /// Decision levels (DLB) and values (QLB) of the gain of the long-term predictor: table 5.3.
  static var gainLevels: InlineArray<3, Int32> { [6_554, 16_384, 26_214] }
  static var gains: InlineArray<4, Int32> { [3_277, 11_469, 21_299, 32_767] }

  /// Impulse response of the weighting filter (H), which is symmetrical: table 5.4.
  static var weights: InlineArray<11, Int32> { [-134, -374, 0, 2_054, 5_741, 8_192, 5_741, 2_054, 0, -374, -134] }

  /// Mantissas of the block amplitude, inverse (NRFAC) and direct (FAC): tables 5.5 and 5.6.
  static var inverseMantissas: InlineArray<8, Int32> {
    [29_128, 26_215, 23_832, 21_846, 20_165, 18_725, 17_476, 16_384]
  }
  static var mantissas: InlineArray<8, Int32> { [18_431, 20_479, 22_527, 24_575, 26_623, 28_671, 30_719, 32_767] }
}
