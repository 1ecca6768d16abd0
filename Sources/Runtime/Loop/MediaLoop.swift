import Conference

/// One media thread with its rooms, legs and sockets, seen from outside: a mailbox and counters.
package final class MediaLoop: Sendable {
  private let shared: LoopShared
  private let thread: RuntimeThread

  /// Starts the thread. `index` is only part of its name.
  init(index: Int, shared: LoopShared) throws(SystemError) {
    self.shared = shared
    // Made on the loop's own thread; that it can be made is tried here, where an error can be told.
    _ = try LoopPorts(registry: shared.registry, sharedPorts: [])
    thread = try RuntimeThread(name: "media-\(index)") {
      do throws(SystemError) {
        var body = try LoopBody(shared: shared)
        body.run()
      } catch {
        preconditionFailure("a media loop that could be made a moment ago cannot start: \(error)")
      }
    }
  }

  func post(_ message: LoopMessage) { shared.mailbox.post(message) }

  /// As of the last second.
  package var statistics: LoopStatistics { shared.statistics }

  /// Waits for the thread's end after `.stop`. Blocks.
  func join() { thread.join() }
}
