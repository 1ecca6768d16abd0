/// The adaptive predictor of G.726: two poles, six zeros (ITU-T G.726, sections 2.7, 2.8, 4.2.6 and 4.2.7).
///
/// The names of the blocks (ACCUM, UPA2, TRIGB …) are the recommendation's.
struct G726Predictor: Sendable {
  /// What is expected of the next sample.
  struct Estimate {
    /// SE
    var signal: Int32
    /// SEZ: its part from the zeros.
    var zeroPart: Int32
  }

  /// Coefficients: of the zeros (B1 to B6), of the poles (A1, A2).
  private var coefficients = InlineArray<8, Int32>(repeating: 0)
  /// What they are multiplied with: the last six quantised differences (DQ1 to DQ6), the last two reconstructed signals
  /// (SR1, SR2).
  private var past = InlineArray<8, G726Float>(repeating: G726Float())
  /// Signs of the last two partially reconstructed signals (PK1, PK2): 0 or -1.
  private var partSigns: (Int32, Int32) = (0, 0)
  /// The signal is a narrow band (TD).
  private var tone = false

  /// FMULT, ACCUM
  @inline(__always)
  var estimate: Estimate {
    let (coefficients, past) = (coefficients.span, past.span)
    var products = InlineArray<8, Int32>(repeating: 0)
    var output = products.mutableSpan
    for index in 0..<8 { output[index] = past[index].times(coefficients[index]) }
    var zeros: Int32 = 0
    for index in 0..<6 { zeros = zeros &+ products[index] }
    let poles = products[6] &+ products[7]
    return Estimate(signal: Self.wrap(zeros &+ poles) &>> 1, zeroPart: Self.wrap(zeros) &>> 1)
  }

  /// TRANS: a narrow-band signal has just changed.
  ///
  /// - Parameters:
  ///   - magnitude: of the quantised difference.
  ///   - slow: scale factor, YL.
  @inline(__always)
  func isTransition(_ magnitude: Int32, slow: Int32) -> Bool {
    let whole = slow &>> 15
    let threshold: Int32 = whole > 9 ? 31 &<< 10 : (32 &+ (slow &>> 10) & 31) &<< whole
    return tone && magnitude > (threshold &+ threshold &>> 1) &>> 1
  }

  /// Adapts to a quantised difference; returns the reconstructed signal (SR) and whether the signal is a narrow band (TDP).
  ///
  /// - Parameters:
  ///   - sign: 0 or -1. Zero has both.
  ///   - leak: 8, or 9 at 40 kbit/s.
  @inline(__always)
  mutating func adapt(
    to magnitude: Int32, sign: Int32, estimate: Estimate, leak: Int32, transition: Bool
  ) -> (signal: Int32, tone: Bool) {
    // ADDB, ADDC
    let difference = (magnitude ^ sign) &- sign
    let signal = Self.wrap(estimate.signal &+ difference)
    let part = Self.wrap(estimate.zeroPart &+ difference)
    let partSign = part &>> 31
    let (turn, turn2) = (partSign ^ partSigns.0, partSign ^ partSigns.1)
    let moves: Int32 = part == 0 ? 0 : -1
    let (a1, a2) = (coefficients[6], coefficients[7])
    // UPA2, LIMC
    let pull = min(max(a1, -8_191), 8_191) &<< 2
    let push = (16_384 ^ turn2) &- turn2 &- ((pull ^ turn) &- turn)
    let second = min(max(a2 &+ (push &>> 7) & moves &- a2 &>> 7, -12_288), 12_288)
    // UPA1, LIMD
    let limit = 15_360 &- second
    let first = min(max(a1 &+ ((192 ^ turn) &- turn) & moves &- a1 &>> 8, 0 &- limit), limit)
    // XOR, UPB
    let step: Int32 = magnitude == 0 ? 0 : 128
    do {
      let past = past.span
      var coefficients = coefficients.mutableSpan
      for index in 0..<8 {
        let flip = past[index].sign ^ sign
        let old = coefficients[index]
        coefficients[index] = Self.wrap(old &+ (step ^ flip) &- flip &- old &>> leak)
      }
    }
    coefficients[6] = first
    coefficients[7] = second
    // TONE, TRIGB
    let narrow = second < -11_776
    tone = narrow && !transition
    if transition { coefficients = InlineArray(repeating: 0) }
    partSigns = (partSign, partSigns.0)
    // FLOATA, FLOATB
    let signalSign = signal &>> 31
    past = [
      G726Float(magnitude: magnitude, sign: sign), past[0], past[1], past[2], past[3], past[4],
      G726Float(magnitude: ((signal ^ signalSign) &- signalSign) & 32_767, sign: signalSign), past[6],
    ]
    return (signal, narrow)
  }

  /// 16 bits.
  @inline(__always)
  private static func wrap(_ value: Int32) -> Int32 { Int32(Int16(truncatingIfNeeded: value)) }
}
