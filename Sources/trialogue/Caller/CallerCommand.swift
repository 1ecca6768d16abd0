import Primitives

/// What the owner of a loop wants done.
enum CallerCommand: Sendable {
  /// Calls one after the other, so long apart.
  case place([CallerOrder], interval: Duration)
  case say(CallerID, CodedVoice, Talk)
  case hangUp([CallerID], interval: Duration)
  /// Hands out, by an event, what was kept of a caller.
  case take(CallerID)
  /// Counts what comes from now on for so long; the measure comes as an event. `keeps` packets of each of these callers
  /// are kept.
  case openWindow(Duration, sampled: [CallerID], keeps: Int)
  /// Hangs up what stands and ends the thread.
  case stop
}
