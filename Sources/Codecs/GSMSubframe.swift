/// What a packet says of 5 ms, 40 samples: the long-term predictor and the pulses that excite it (GSM 06.10, section 1.7).
///
/// Its 56 bits are seven octets (see `GSMPacket`).
struct GSMSubframe: Sendable {
  static let samples = 40
  static let octets = 7

  /// Nc, in samples, 40 to 120. A packet may say any seven bits.
  var lag: UInt8 = 0
  /// bc, two bits.
  var gain: UInt8 = 0
  /// Mc, where the first pulse is, two bits.
  var grid: UInt8 = 0
  /// xmaxc, six bits, a logarithm: 8 steps double the amplitude.
  var amplitude: UInt8 = 0
  /// xMc, three bits each, at every third sample.
  var pulses = InlineArray<13, UInt8>(repeating: 0)

  init() {}

  /// From the lowest 56 bits.
  @inline(__always)
  init(word: UInt64) {
    lag = UInt8(truncatingIfNeeded: word &>> 49) & 0x7F
    gain = UInt8(truncatingIfNeeded: word &>> 47) & 3
    grid = UInt8(truncatingIfNeeded: word &>> 45) & 3
    amplitude = UInt8(truncatingIfNeeded: word &>> 39) & 0x3F
    var pulses = pulses.mutableSpan
    for index in 0..<13 { pulses[index] = UInt8(truncatingIfNeeded: word &>> (36 &- 3 &* UInt64(index))) & 7 }
  }

  @inline(__always)
  var word: UInt64 {
    var word = UInt64(lag) &<< 49 | UInt64(gain) &<< 47 | UInt64(grid) &<< 45 | UInt64(amplitude) &<< 39
    let pulses = pulses.span
    for index in 0..<13 { word |= UInt64(pulses[index]) &<< (36 &- 3 &* UInt64(index)) }
    return word
  }
}
