/// How late a loop woke up, counted in powers of two of microseconds.
package struct LatenessHistogram: Hashable, Sendable {
  /// Bucket `i` counts what was below `2^i * 16` µs: 16 µs, 32 µs … 262 ms; the last one all that was later.
  package private(set) var buckets: [UInt64] = Array(repeating: 0, count: 16)
  package private(set) var count: UInt64 = 0
  /// In nanoseconds.
  package private(set) var worst: Int64 = 0

  package init() {}

  /// Counts a lateness in nanoseconds.
  mutating func record(_ nanoseconds: Int64) {
    let units = UInt64(clamping: nanoseconds) / 16_000
    let bucket = min(15, 64 &- units.leadingZeroBitCount)
    buckets[bucket] &+= 1
    count &+= 1
    if nanoseconds > worst { worst = nanoseconds }
  }

  /// The upper bound of bucket `index`, in microseconds; the last one has none.
  package static func bound(ofBucket index: Int) -> Int? { index >= 15 ? nil : 16 << index }

  /// In microseconds: so many or fewer for this share of the wake-ups (0 to 1), as the bound of its bucket.
  package func percentile(_ share: Double) -> Int {
    let wanted = Double(count) * share
    var seen: UInt64 = 0
    for (index, bucket) in buckets.enumerated() {
      seen += bucket
      if Double(seen) >= wanted { return LatenessHistogram.bound(ofBucket: index) ?? Int(worst / 1_000) }
    }
    return Int(worst / 1_000)
  }
}
