import Synchronization

/// Draws wave forms on a thread of its own, after their recordings are closed: nobody waits for a picture.
///
/// What is not done at the end of the server, or failed, is made at the next start (`ArchiveRepair.Report.withoutPeaks`).
final class PeakMaker: Sendable {
  private let root: OpenDirectory
  private let keys: ArchiveKeys
  private let thread: JobThread
  private let isStopping = Atomic<Bool>(false)

  init(root: OpenDirectory, keys: ArchiveKeys) throws(SystemError) {
    self.root = root
    self.keys = keys
    thread = try JobThread(name: "rec-peaks")
  }

  /// Leaves the recording in that directory below the root for the thread.
  func make(in path: String) {
    _ = thread.perform { [self] in
      guard !isStopped, let directory = try? root.directory(path, create: false) else { return }
      try? PeakFile.make(in: directory, keys: keys) { isStopped }
    }
  }

  /// Gives up what is being drawn, drops the rest, and ends the thread.
  func stop() {
    isStopping.store(true, ordering: .relaxed)
    thread.stop()
  }

  private var isStopped: Bool { isStopping.load(ordering: .relaxed) }
}
