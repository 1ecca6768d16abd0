import Primitives
import Synchronization

/// Passes alarms on, each kind at most once a second, whichever thread raises them.
final class AlarmBell: Sendable {
  /// So long nothing may have been in trouble before it is over, in nanoseconds.
  static let calm: Int64 = 3_000_000_000

  private enum Kind: Hashable { case write, queue, stalled }

  private let continuation: AsyncStream<FileAlarm>.Continuation
  private let last = Mutex<[Kind: Instant]>([:])

  init(_ continuation: AsyncStream<FileAlarm>.Continuation) { self.continuation = continuation }

  func ring(_ alarm: FileAlarm, at now: Instant) {
    let kind: Kind? =
      switch alarm {
      // Each of these is news of its own.
      case .spaceLow, .spaceRecovered, .writeRecovered, .recordingFailed, .spillKept: nil
      case .writeFailed: .write
      case .queueFull: .queue
      case .stalled: .stalled
      }
    if let kind {
      let isDue = last.withLock { last in
        if let previous = last[kind], now.nanoseconds(since: previous) < 1_000_000_000 { return false }
        last[kind] = now
        return true
      }
      guard isDue else { return }
    }
    continuation.yield(alarm)
  }

  /// The disk has just taken octets: tells so once, after all trouble with it has been over for a while.
  func written(at now: Instant) {
    let isOver = last.withLock { last in
      guard let newest = last.values.max(), now.nanoseconds(since: newest) > AlarmBell.calm else { return false }
      last = [:]
      return true
    }
    if isOver { continuation.yield(.writeRecovered) }
  }

  func finish() { continuation.finish() }
}
