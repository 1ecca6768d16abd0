/// Times in tenths of a millisecond, up to 100 ms; what is longer counts as the last.
struct JitterHistogram: Sendable {
  private var buckets = Array(repeating: 0, count: 1_001)
  private(set) var count = 0
  /// Milliseconds.
  private(set) var worst = 0.0

  /// Counts a time in milliseconds.
  mutating func record(_ milliseconds: Double) {
    let bucket = min(max(Int(milliseconds * 10), 0), buckets.count - 1)
    buckets[bucket] += 1
    count += 1
    if milliseconds > worst { worst = milliseconds }
  }

  /// Milliseconds that this share (0 to 1) of the times do not exceed, by tenths.
  func quantile(_ share: Double) -> Double {
    guard count > 0 else { return 0 }
    let wanted = Int((Double(count) * share).rounded(.up))
    var seen = 0
    for (index, bucket) in buckets.enumerated() {
      seen += bucket
      if seen >= wanted { return min(Double(index + 1) / 10, worst) }
    }
    return worst
  }
}
