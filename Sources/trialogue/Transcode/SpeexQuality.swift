/// The bit rates of libspeex's qualities, 0 to 10 (the Speex manual, tables 9.2 and 10.1).
enum SpeexQuality {
  private static let narrowband = [2_150, 3_950, 5_950, 8_000, 8_000, 11_000, 11_000, 15_000, 15_000, 18_200, 24_600]
  private static let wideband = [3_950, 5_750, 7_750, 9_800, 12_800, 16_800, 20_600, 23_800, 27_800, 34_200, 42_200]
  /// The third band adds as much to each.
  private static let ultraWideband = 1_800

  /// The best quality that needs no more bit/s; 0 if there is none.
  static func best(bitRate: Int, sampleRate: Int) -> Int {
    let rates = sampleRate == 8_000 ? narrowband : wideband
    let more = sampleRate == 32_000 ? ultraWideband : 0
    return rates.lastIndex { $0 + more <= bitRate } ?? 0
  }
}
