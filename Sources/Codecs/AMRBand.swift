/// AMR (3GPP TS 26.071) or AMR-WB (TS 26.171): frames of 20 ms at one of eight or nine bit rates, the modes.
package enum AMRBand: Hashable, Sendable, Codable {
  case narrow
  case wide

  /// Nil if it is neither 8,000 nor 16,000 Hz.
  package init?(sampleRate: Int) {
    switch sampleRate {
    case 8_000: self = .narrow
    case 16_000: self = .wide
    default: return nil
    }
  }

  /// Hertz; also the RTP clock (RFC 4867, section 4.1).
  package var sampleRate: Int { self == .narrow ? 8_000 : 16_000 }
  /// Samples of a frame.
  package var frameSamples: Int { self == .narrow ? 160 : 320 }
  /// The mode of the highest bit rate; modes begin at 0.
  package var highestMode: Int { self == .narrow ? 7 : 8 }
  /// The highest mode that is sent. vo-amrwbenc up to 0.1.3 writes past an array on its stack in its two modes with 24 pulses,
  /// 23.05 and 23.85 kbit/s: tones that begin suddenly do it, at any level. Those modes are decoded, but never coded.
  package var highestSentMode: Int { self == .narrow ? 7 : 6 }
  /// The frame type of comfort noise, SID.
  package var silenceType: Int { highestMode + 1 }

  /// Bits of a speech or SID frame, 0 for the two types that say that nothing is there; nil for the types that must not come
  /// (RFC 4867, section 4.3.2; TS 26.101 and TS 26.201, table 1a).
  package func frameBits(_ type: Int) -> Int? {
    guard (0...15).contains(type) else { return nil }
    let bits = self == .narrow ? Self.narrowBits[type] : Self.wideBits[type]
    return bits < 0 ? nil : bits
  }

  /// Bit/s of a mode.
  package func bitRate(mode: Int) -> Int {
    let mode = min(max(mode, 0), highestMode)
    return self == .narrow ? Self.narrowRates[mode] : Self.wideRates[mode]
  }

  /// The best mode to send that needs no more than so many bit/s; the lowest if there is none.
  package func mode(bitRate: Int) -> Int {
    (0...highestSentMode).last { self.bitRate(mode: $0) <= bitRate } ?? 0
  }

  private static let narrowBits: InlineArray<16, Int> = [
    95, 103, 118, 134, 148, 159, 204, 244, 39, -1, -1, -1, -1, -1, -1, 0,
  ]
  private static let wideBits: InlineArray<16, Int> = [
    132, 177, 253, 285, 317, 365, 397, 461, 477, 40, -1, -1, -1, -1, 0, 0,
  ]
  private static let narrowRates: InlineArray<8, Int> = [4_750, 5_150, 5_900, 6_700, 7_400, 7_950, 10_200, 12_200]
  private static let wideRates: InlineArray<9, Int> = [
    6_600, 8_850, 12_650, 14_250, 15_850, 18_250, 19_850, 23_050, 23_850,
  ]
}
