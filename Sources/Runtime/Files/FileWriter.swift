import Conference
import Primitives
import Synchronization

/// Carries out the writing of all recordings on a thread of its own. Whoever records never waits for the disk.
///
/// One `syncfs` a second for the whole archive; closing files is left to `FileFinisher`.
package final class FileWriter: Sendable {
  /// What operators must know. One consumer.
  package let alarms: AsyncStream<FileAlarm>

  private let settings: RuntimeSettings
  private let queue: WriterQueue
  private let wakeUp: WakeUp
  private let finisher: FileFinisher
  private let peaks: PeakMaker
  private let answer: @Sendable (RoomID, RecordingOutcome) -> Void
  private let bell: AlarmBell
  private let threads: Mutex<[RuntimeThread]>
  private let isStopping = Atomic<Bool>(false)
  /// When the writer last came round, in nanoseconds: tells a hanging disk from an idle one.
  private let heartbeat: Atomic<Int64>
  private let droppedOctets = Atomic<Int64>(0)

  /// Starts the threads. `answer` is called on them with what became of a recording, and must be quick.
  package init(
    settings: RuntimeSettings, answer: @escaping @Sendable (RoomID, RecordingOutcome) -> Void
  ) throws(SystemError) {
    self.settings = settings
    self.answer = answer
    queue = WriterQueue(capacity: settings.writerQueue)
    wakeUp = try WakeUp()
    let (stream, continuation) = AsyncStream.makeStream(of: FileAlarm.self, bufferingPolicy: .bufferingNewest(256))
    alarms = stream
    let bell = AlarmBell(continuation)
    self.bell = bell
    peaks = try PeakMaker(root: try OpenDirectory(root: settings.recordingsRoot), keys: settings.keys)
    finisher = try FileFinisher(peaks: peaks, answer: answer) { bell.ring($0, at: MonotonicClock.now) }
    heartbeat = Atomic(MonotonicClock.now.nanoseconds)
    threads = Mutex([])
    // Both are opened here, so that a wrong path is an error of the start and not of the first recording.
    let root = try OpenDirectory(root: settings.recordingsRoot)
    let spill: OpenDirectory? =
      if let path = settings.spillDirectory { try OpenDirectory(root: path) } else { nil }
    let finishing = try RuntimeThread(name: "rec-finish") { [finisher] in finisher.run() }
    let writing = try RuntimeThread(name: "rec-write") { [self] in run(root: root, spill: spill) }
    threads.withLock { $0 = [writing, finishing] }
  }

  /// Octets that did not fit into the queue since the start.
  package var octetsDropped: Int64 { droppedOctets.load(ordering: .relaxed) }

  /// Leaves a step for the writer; never waits. Call `flush` after the last one of a quantum.
  package func enqueue(_ write: RecordingWrite, room: RoomID) {
    let dropped = queue.append(write, room: room)
    guard dropped > 0 else { return }
    let total = droppedOctets.wrappingAdd(dropped, ordering: .relaxed).newValue
    bell.ring(.queueFull(droppedOctets: total), at: MonotonicClock.now)
  }

  /// Wakes the writer; raises the alarm if it has not come round for more than a second.
  package func flush(at now: Instant) {
    wakeUp.signal()
    let last = Instant(nanoseconds: heartbeat.load(ordering: .relaxed))
    if now.nanoseconds(since: last) > 1_500_000_000 { bell.ring(.stalled, at: now) }
  }

  /// Draws the wave forms of recordings in these directories below the root, when there is time.
  package func makePeaks(in directories: [String]) { for directory in directories { peaks.make(in: directory) } }

  /// Works off what waits, closes recordings whose end was asked for, and ends the threads. Recordings that are still open stay
  /// `.part` files. Blocks: call it off the executors.
  package func stop() {
    isStopping.store(true, ordering: .sequentiallyConsistent)
    wakeUp.signal()
    for thread in threads.withLock({ $0 }) { thread.join() }
    peaks.stop()
    bell.finish()
  }

  private func run(root: OpenDirectory, spill: OpenDirectory?) {
    var body = WriterBody(settings: settings, root: root, spill: spill, finisher: finisher, answer: answer, bell: bell)
    var entries: [WriterQueue.Entry] = []
    var nextSync = MonotonicClock.now.advanced(byMilliseconds: 1_000)
    while true {
      let wait = max(0, nextSync.nanoseconds(since: MonotonicClock.now) / 1_000_000)
      // One look after the wish to stop, so that nothing that was enqueued before is left.
      let isLast = isStopping.load(ordering: .sequentiallyConsistent)
      if !isLast { wakeUp.wait(milliseconds: Int(min(wait, 1_000)) + 1) }
      heartbeat.store(MonotonicClock.now.nanoseconds, ordering: .relaxed)
      queue.collect(into: &entries)
      for entry in entries {
        body.perform(entry, at: MonotonicClock.now)
        heartbeat.store(MonotonicClock.now.nanoseconds, ordering: .relaxed)
      }
      entries.removeAll(keepingCapacity: true)
      let now = MonotonicClock.now
      if now >= nextSync || isLast {
        body.sync(at: now)
        nextSync = now.advanced(byMilliseconds: 1_000)
      }
      if isLast { break }
    }
    finisher.stop()
  }
}
