import CLinux
import Primitives
import Synchronization

/// A thread of the runtime: runs one body to its end, outside every executor.
package final class RuntimeThread: Sendable {
  private let handle: UInt64
  private let isJoined = Atomic<Bool>(false)

  /// Starts at once. `name` is cut to 15 octets.
  package init(name: String, body: @escaping @Sendable () -> Void) throws(SystemError) {
    let context = unsafe Unmanaged.passRetained(Body(run: body)).toOpaque()
    var handle: UInt64 = 0
    let result = unsafe clinux_thread_start(
      name,
      { context in
        guard let context = unsafe context else { return }
        unsafe Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run()
      }, context, &handle)
    guard result >= 0 else {
      unsafe Unmanaged<Body>.fromOpaque(context).release()
      throw SystemError(operation: "start thread", code: 0 &- result)
    }
    self.handle = handle
  }

  /// Nobody waits for it any more; it runs on to the end of its body.
  deinit { if !isJoined.load(ordering: .acquiring) { _ = clinux_thread_detach(handle) } }

  /// Waits for the end of the body. Only the first call waits.
  package func join() {
    guard !isJoined.exchange(true, ordering: .acquiringAndReleasing) else { return }
    _ = clinux_thread_join(handle)
  }

  /// How the kernel shall schedule the calling thread; false if it would not.
  @discardableResult
  package static func schedule(_ scheduling: ThreadScheduling) -> Bool {
    switch scheduling {
    case .fair(let slice): clinux_thread_slice(UInt64(max(0, slice.nanoseconds))) >= 0
    case .realTime(let priority, let limit):
      clinux_thread_fifo(Int32(clamping: priority), UInt64(max(0, limit.nanoseconds / 1_000))) >= 0
    }
  }

  private final class Body: Sendable {
    let run: @Sendable () -> Void
    init(run: @escaping @Sendable () -> Void) { self.run = run }
  }
}
