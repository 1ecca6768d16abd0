/// The low-pass of a resampler: a sinc under a Kaiser window, cut into phases.
///
/// It is flat (±0.01 dB) to 0.9 of the lower of the two Nyquist frequencies and at least 80 dB down from 1.1 of it: what
/// lies between folds only onto the same narrow band.
struct ResamplerFilter: Sendable {
  /// Taps of one phase, a multiple of 8.
  let taps: Int
  /// `bank[phase * taps + k]` weighs the k-th oldest sample of the window.
  let bank: [Float]

  /// For `up` output samples per `down` input samples.
  init(up: Int, down: Int) {
    let lower = Double(max(up, down))
    // In cycles per sample of the raised rate: the transition is 0.1 of the lower rate wide.
    let width = 0.1 / lower
    let attenuation = 88.0
    let beta = 0.1102 * (attenuation - 8.7)
    let needed = (attenuation - 8) / (2.285 * 2 * Double.pi * width) / Double(up)
    let taps = (Int(needed.rounded(.up)) + 7) / 8 * 8
    let length = taps * up
    // A whole number, so that the delay is one too: between two samples a clip could not be cut without moving it by half of one.
    let middle = Double(length / 2)
    let cutoff = 1 / lower
    let scale = 1 / Self.bessel(beta)
    var bank = Array(repeating: Float(0), count: length)
    for phase in 0..<up {
      var weights = Array(repeating: 0.0, count: taps)
      var sum = 0.0
      for tap in 0..<taps {
        let time = Double(phase + (taps - 1 - tap) * up) - middle
        let position = time / (middle + 0.5)
        let window = Self.bessel(beta * max(1 - position * position, 0).squareRoot()) * scale
        let angle = Double.pi * time * cutoff
        let sinc = abs(angle) < 1e-9 ? 1 : Mathematics.sine(angle) / angle
        weights[tap] = sinc * window
        sum += weights[tap]
      }
      // Every phase passes a constant unchanged.
      for tap in 0..<taps { bank[phase * taps + tap] = Float(weights[tap] / sum) }
    }
    self.taps = taps
    self.bank = bank
  }

  /// The modified Bessel function of order 0, by its series.
  private static func bessel(_ x: Double) -> Double {
    let quarter = x * x / 4
    var term = 1.0
    var sum = 1.0
    var index = 1.0
    while term > sum * 1e-12, index < 100 {
      term *= quarter / (index * index)
      sum += term
      index += 1
    }
    return sum
  }
}
