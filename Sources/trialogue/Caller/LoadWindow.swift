import Primitives

/// The measuring window of a loop of callers, on the wall clock that the kernel stamps packets with.
struct LoadWindow: Sendable {
  /// How long packets that came in time may wait to be read, in nanoseconds.
  private static let patience: Int64 = 50_000_000

  /// Nanoseconds since 1970: packets count that came within; nil while the window is closed.
  private(set) var range: Range<Int64>?
  private(set) var jitter = JitterHistogram()
  private(set) var lateness = JitterHistogram()
  var sampled: [CallerID] = []
  var hungUp = 0
  var unsent = 0
  private(set) var stalls = 0
  var strange = 0

  var isOpen: Bool { range != nil }

  func counts(_ wallTime: Int64) -> Bool { range?.contains(wallTime) ?? false }

  /// True when everything that came in time has been read.
  func isDue(at wallTime: Int64) -> Bool { range.map { wallTime > $0.upperBound + LoadWindow.patience } ?? false }

  mutating func open(at wallTime: Int64, duration: Int64, sampled: [CallerID]) {
    self = LoadWindow()
    range = wallTime..<wallTime + max(duration, 1)
    self.sampled = sampled
  }

  mutating func close() { range = nil }

  mutating func recordJitter(_ milliseconds: Double) { jitter.record(milliseconds) }

  mutating func recordLateness(_ nanoseconds: Int64) {
    guard isOpen else { return }
    lateness.record(Double(nanoseconds) / 1e6)
    if nanoseconds > CallerBody.longestStall { stalls += 1 }
  }
}
