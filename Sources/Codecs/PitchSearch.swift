/// Finds the pitch period of the end of a piece of audio: the lag of 5 to 15 ms at which its last 20 ms are most like
/// themselves (ITU-T G.711, Appendix I, section I.2.2): first at 4 kHz, then near the best at the full rate.
struct PitchSearch: Sendable {
  /// Full-rate samples for each one of the coarse search.
  private let decimation: Int
  private let shortest: Int
  private let longest: Int
  private let window: Int
  /// Scaled to ten bits, so that sums of products fit into 32.
  private var fine: [Int16]
  private var coarse: [Int16]

  init(sampleRate: Int) {
    decimation = max(sampleRate / 4_000, 1)
    shortest = max(sampleRate / 200, 1)
    longest = max(sampleRate * 3 / 200, 2)
    window = max(sampleRate / 50, 1)
    fine = Array(repeating: 0, count: longest + window)
    coarse = Array(repeating: 0, count: (longest + window) / decimation)
  }

  /// In samples, from `shortest` to `longest`.
  mutating func period(of history: Span<Int16>) -> Int {
    guard load(history) else { return shortest }
    let count = coarse.count
    let near = Self.best(
      in: coarse.span, window: min(window / decimation, count - 1), lags: shortest / decimation...longest / decimation)
    let lowest = max((near &- 1) &* decimation, shortest)
    let highest = min((near &+ 1) &* decimation, longest)
    return Self.best(in: fine.span, window: window, lags: lowest...max(lowest, highest))
  }

  /// False if there is nothing to hear.
  private mutating func load(_ history: Span<Int16>) -> Bool {
    let count = fine.count
    guard history.count >= count else { return false }
    let recent = history.extracting(last: count)
    var peak: UInt32 = 0
    for index in 0..<count { peak = max(peak, Int32(recent[index]).magnitude) }
    guard peak > 0 else { return false }
    let shift = max(22 &- Int32(peak.leadingZeroBitCount), 0)
    var span = fine.mutableSpan
    for index in 0..<count { span[index] = Int16(truncatingIfNeeded: Int32(recent[index]) &>> shift) }
    Self.decimate(fine, by: decimation, into: &coarse)
    return true
  }

  /// Means of groups, the last of which ends with the last sample.
  private static func decimate(_ full: [Int16], by factor: Int, into coarse: inout [Int16]) {
    let fine = full.span
    var target = coarse.mutableSpan
    let offset = fine.count &- target.count &* factor
    for index in 0..<target.count {
      var sum: Int32 = 0
      for part in 0..<factor { sum = sum &+ Int32(fine[offset &+ index &* factor &+ part]) }
      target[index] = Int16(truncatingIfNeeded: sum / Int32(truncatingIfNeeded: factor))
    }
  }

  /// The lag with the greatest normalised correlation between the last `window` samples and those before them.
  private static func best(in samples: Span<Int16>, window: Int, lags: ClosedRange<Int>) -> Int {
    let end = samples.count
    let latest = samples.extracting(end - window..<end)
    var best = lags.lowerBound
    var bestScore: Float = -1
    for lag in lags where lag + window <= end {
      let earlier = samples.extracting(end - window - lag..<end - lag)
      var product: Int32 = 0
      var energy: Int32 = 0
      for index in 0..<window {
        let value = Int32(earlier[index])
        product = product &+ value &* Int32(latest[index])
        energy = energy &+ value &* value
      }
      let score = Float(max(product, 0)) * Float(max(product, 0)) / Float(max(energy, 1))
      if score > bestScore { (best, bestScore) = (lag, score) }
    }
    return best
  }
}
