/// What encoder and decoder of G.726 have in common: both hold the same state after the same code words.
struct G726Channel: Sendable {
  private var scale = G726Scale()
  private var predictor = G726Predictor()

  /// What holds before a code word: the scale factor (Y) and the prediction.
  struct Forecast {
    var factor: Int32
    var estimate: G726Predictor.Estimate
  }

  @inline(__always)
  var forecast: Forecast { Forecast(factor: scale.factor, estimate: predictor.estimate) }

  /// Adapts to a code word; returns the reconstructed signal (SR).
  ///
  /// - Parameters:
  ///   - sign: 0 or -1.
  ///   - leak: 8, or 9 at 40 kbit/s.
  @inline(__always)
  mutating func adapt(to entry: G726Tables.Entry, sign: Int32, _ forecast: Forecast, leak: Int32) -> Int32 {
    // ADDA, ANTILOG
    let log = Int32(entry.difference) &+ forecast.factor &>> 2
    let magnitude = log < 0 ? 0 : ((128 &+ log & 127) &<< (log &>> 7)) &>> 7
    let transition = predictor.isTransition(magnitude, slow: scale.slow)
    let (signal, tone) = predictor.adapt(
      to: magnitude, sign: sign, estimate: forecast.estimate, leak: leak, transition: transition)
    scale.adapt(entry, factor: forecast.factor, tone: tone, transition: transition)
    return signal
  }

  /// The code word of a sample (SUBTA, LOG, SUBTB, QUAN).
  ///
  /// - Parameters:
  ///   - sample: 14 bits.
  ///   - bits: of the code word, 2 to 5.
  @inline(__always)
  static func quantise(_ sample: Int32, _ forecast: Forecast, bits: Int, levels: Span<Int16>) -> Int {
    let difference = sample &- forecast.estimate.signal
    let magnitude = abs(difference)
    let exponent = 31 &- Int32(truncatingIfNeeded: (magnitude | 1).leadingZeroBitCount)
    let log = exponent &<< 7 &+ (magnitude &<< 7) &>> exponent & 127
    let normalised = Int16(truncatingIfNeeded: log &- forecast.factor &>> 2)
    // The decision levels rise, so how many lie at or below the logarithm is the interval.
    var interval = 0
    var half = 1 &<< (bits &- 2)
    while half > 0 {
      interval = interval &+ (normalised >= levels[interval &+ half &- 1] ? half : 0)
      half = half &>> 1
    }
    // All zeros is a code word at 16 kbit/s alone.
    let complement = difference < 0 || (interval == 0 && bits > 2)
    return complement ? ~interval & (1 &<< bits &- 1) : interval
  }
}
