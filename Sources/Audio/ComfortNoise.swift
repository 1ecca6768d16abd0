/// Soft background noise at a given level, for pauses in which a peer sends nothing (RFC 3389, or DTX without it).
package struct ComfortNoise: Sendable {
  private var state: UInt64
  private var memory: Float = 0
  /// The amplitude factor at the end of the last frame.
  private var amplitude: Float = 0

  /// The seed makes members' noises differ.
  package init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

  /// Fills the span with noise of `level` dBov (−127 … 0); a change of level is spread over the frame.
  package mutating func generate(level: Float, into output: inout MutableSpan<Int16>) {
    let count = output.count
    guard count > 0 else { return }
    let limited = min(max(level.isNaN ? -127 : level, -127), 0)
    // White noise of ±1 has an RMS of 0.577; the low-pass below leaves 0.577 of that.
    let target = limited <= -100 ? 0 : Float(Mathematics.amplitude(decibels: Double(limited))) * 32_767 * 3
    let step = (target - amplitude) / Float(count)
    for index in 0..<count {
      amplitude += step
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      let white = Float(Int32(truncatingIfNeeded: state >> 32)) * (1 / 2_147_483_648)
      memory = memory * 0.5 + white * 0.5
      output[index] = Rounding.sample(SoftLimiter.bend(memory * amplitude))
    }
    amplitude = target
  }
}
