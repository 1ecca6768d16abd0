/// The eight DTMF frequencies, demodulated to zero and summed over hops of 3.25 ms; four hops make a window.
struct DTMFToneBank: Sendable {
  /// What a window of 13 ms holds.
  struct Window: Sendable {
    var row: Int
    var column: Int
    /// Squared magnitudes of the strongest row and column.
    var rowPower: Float
    var columnPower: Float
    /// The share of the window's energy in these two.
    var share: Float
    /// How far the phases turned since the window one hop earlier, in radians.
    var rowStep: Float
    var columnStep: Float
  }

  static let hopsPerWindow = 4

  let hop: Int
  let hopMilliseconds: Float
  /// Squared magnitude of a window with a tone at the detector's floor.
  let leastPower: Float
  /// The reference oscillators: turned by one sample's angle each sample.
  private var turn: [SIMD2<Float>] = []
  private var phase: [SIMD2<Float>]
  /// The running hop.
  private var sums: [SIMD2<Float>]
  private var energy: Float = 0
  private var filled = 0
  /// The last hops, newest at `newest`.
  private var past: [SIMD2<Float>]
  private var energies: [Float]
  private var newest = 0
  private var former: [SIMD2<Float>]

  init(sampleRate: Int) {
    hop = sampleRate * 13 / 4_000
    hopMilliseconds = Float(hop) * 1_000 / Float(sampleRate)
    for frequency in DTMFTone.rows + DTMFTone.columns {
      let angle = 2 * Double.pi * frequency / Double(sampleRate)
      turn.append(SIMD2(Float(Mathematics.cosine(angle)), Float(-Mathematics.sine(angle))))
    }
    let zeros = Array(repeating: SIMD2<Float>.zero, count: 8)
    phase = Array(repeating: SIMD2(1, 0), count: 8)
    sums = zeros
    former = zeros
    past = Array(repeating: .zero, count: 8 * Self.hopsPerWindow)
    energies = Array(repeating: 0, count: Self.hopsPerWindow)
    let amplitude = 32_767 * Float(Mathematics.amplitude(decibels: Double(DTMFDetector.floor)))
    let magnitude = amplitude * Float(hop * Self.hopsPerWindow) / 2
    leastPower = magnitude * magnitude
  }

  var isHopComplete: Bool { filled == hop }

  mutating func reset() { self = DTMFToneBank(sampleRate: Int((Float(hop) * 1_000 / hopMilliseconds).rounded())) }

  /// Takes samples up to the end of the hop and returns how many.
  mutating func take(_ samples: Span<Int16>) -> Int {
    let count = min(samples.count, hop - filled)
    var total: Float = 0
    for index in 0..<count {
      let sample = Float(samples[index])
      total += sample * sample
    }
    energy += total
    for tone in 0..<8 {
      let turn = turn[tone]
      var phase = phase[tone]
      var sum = sums[tone]
      for index in 0..<count {
        let sample = Float(samples[index])
        sum.x += sample * phase.x
        sum.y += sample * phase.y
        phase = SIMD2(phase.x * turn.x - phase.y * turn.y, phase.x * turn.y + phase.y * turn.x)
      }
      sums[tone] = sum
      self.phase[tone] = phase
    }
    filled += count
    return count
  }

  /// Closes the hop and describes the window that ends with it.
  mutating func finishHop() -> Window {
    newest = (newest + 1) % Self.hopsPerWindow
    energies[newest] = energy
    energy = 0
    filled = 0
    var window = Window(
      row: 0, column: 0, rowPower: -1, columnPower: -1, share: 0, rowStep: 0, columnStep: 0)
    for tone in 0..<8 {
      past[newest * 8 + tone] = sums[tone]
      sums[tone] = .zero
      var sum = SIMD2<Float>.zero
      for hop in 0..<Self.hopsPerWindow { sum += past[hop * 8 + tone] }
      let power = sum.x * sum.x + sum.y * sum.y
      if tone < 4, power > window.rowPower {
        window.row = tone
        window.rowPower = power
        window.rowStep = Self.angle(from: former[tone], to: sum)
      } else if tone >= 4, power > window.columnPower {
        window.column = tone - 4
        window.columnPower = power
        window.columnStep = Self.angle(from: former[tone], to: sum)
      }
      former[tone] = sum
      normalise(tone)
    }
    var total: Float = 0
    for value in energies { total += value }
    let length = Float(hop * Self.hopsPerWindow)
    if total > 0 { window.share = 2 * (window.rowPower + window.columnPower) / (length * total) }
    return window
  }

  /// Keeps the oscillators on the unit circle.
  private mutating func normalise(_ tone: Int) {
    let value = phase[tone]
    phase[tone] = value * (1.5 - 0.5 * (value.x * value.x + value.y * value.y))
  }

  private static func angle(from old: SIMD2<Float>, to new: SIMD2<Float>) -> Float {
    let x = new.x * old.x + new.y * old.y
    let y = new.y * old.x - new.x * old.y
    return Float(Mathematics.arcTangent(Double(y), Double(x)))
  }
}
