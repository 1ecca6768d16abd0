/// Writes the small files beside recordings, durably, on a thread of its own: whoever waits for it waits without holding a thread.
package final class ArchiveFolder: Sendable {
  private let root: OpenDirectory
  private let thread: JobThread

  /// Call `stop` at the end.
  package init(root path: String) throws(SystemError) {
    root = try OpenDirectory(root: path)
    thread = try JobThread(name: "rec-notes")
  }

  /// Writes or replaces a file in a directory below the root, which is made if it is missing. When this returns, the file
  /// survives a power cut; at no time is there half of one.
  package func write(_ octets: [UInt8], to name: String, in directory: String) async throws {
    let root = root
    let thread = thread
    try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
      let job: @Sendable () -> Void = {
        do throws(SystemError) {
          try root.directory(directory, create: true).replace(name, with: octets)
          done.resume()
        } catch {
          done.resume(throwing: error)
        }
      }
      if !thread.perform(job) { job() }
    }
  }

  /// Works off what waits and ends the thread. Blocks: call it off the executors, or last of all.
  package func stop() { thread.stop() }
}
