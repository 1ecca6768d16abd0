import Synchronization

/// A thread for work that may wait for the disk; jobs are done in the order in which they came.
final class JobThread: Sendable {
  private struct State {
    var jobs: [@Sendable () -> Void] = []
    var isStopping = false
  }

  private let state = Mutex(State())
  private let wakeUp: WakeUp
  private let thread: Mutex<RuntimeThread?>

  init(name: String) throws(SystemError) {
    wakeUp = try WakeUp()
    thread = Mutex(nil)
    let running = try RuntimeThread(name: name) { [self] in run() }
    thread.withLock { $0 = running }
  }

  /// Leaves a job; false if the thread has been stopped.
  func perform(_ job: @escaping @Sendable () -> Void) -> Bool {
    let isTaken = state.withLock { state in
      if !state.isStopping { state.jobs.append(job) }
      return !state.isStopping
    }
    if isTaken { wakeUp.signal() }
    return isTaken
  }

  /// Ends the thread when every job before is done, and waits for that. Must be called: the thread does not end by itself.
  func stop() {
    state.withLock { $0.isStopping = true }
    wakeUp.signal()
    thread.withLock { $0 }?.join()
  }

  private func run() {
    while true {
      let (jobs, isLast) = state.withLock { state in
        defer { state.jobs = [] }
        return (state.jobs, state.isStopping)
      }
      for job in jobs { job() }
      if isLast { return }
      if jobs.isEmpty { wakeUp.wait(milliseconds: 1_000) }
    }
  }
}
