/// Writes the small files of the archive, durably, on a thread of its own, and reads large ones on another: whoever
/// waits for it waits without holding a thread.
package final class ArchiveFolder: Sendable {
  private let root: OpenDirectory
  private let thread: JobThread
  private let reader: JobThread

  /// Call `stop` at the end.
  package init(root path: String) throws(SystemError) {
    root = try OpenDirectory(root: path)
    thread = try JobThread(name: "rec-notes")
    do throws(SystemError) { reader = try JobThread(name: "rec-verify") } catch {
      thread.stop()
      throw error
    }
  }

  /// Writes or replaces a file in a directory below the root, which is made if it is missing. When this returns, the file
  /// survives a power cut; at no time is there half of one.
  package func write(_ octets: [UInt8], to name: String, in directory: String) async throws {
    let root = root
    try await perform(on: thread) { () throws(SystemError) in
      try root.directory(directory, create: true).replace(name, with: octets)
    }
  }

  /// Writes at a place of a file in the root, which is made if it is missing, and cuts off what lies behind. When this
  /// returns, that survives a power cut.
  package func write(_ octets: [UInt8], to name: String, at offset: Int64) async throws {
    let root = root
    try await perform(on: thread) { () throws(SystemError) in
      let file: OpenFile
      do throws(SystemError) { file = try root.open(name) } catch {
        guard error.isMissing else { throw error }
        file = try root.create(name)
        try root.sync()
      }
      try file.truncate(to: offset)
      do throws(OpenFile.WriteError) { try file.write(octets.span, at: offset) } catch { throw error.error }
      try file.sync()
    }
  }

  /// Length and SHA-256, in lower-case hex, of a file in a directory below the root.
  package func digest(of name: String, in directory: String) async throws -> (octets: Int64, sha256: String) {
    let root = root
    return try await perform(on: reader) { () throws(SystemError) in
      let file = try root.directory(directory, create: false).open(name)
      return (file.size, try FileDigest.sha256(of: file))
    }
  }

  private func perform<Value: Sendable>(
    on thread: JobThread, _ work: @escaping @Sendable () throws(SystemError) -> Value
  ) async throws -> Value {
    try await withCheckedThrowingContinuation { (done: CheckedContinuation<Value, any Error>) in
      let job: @Sendable () -> Void = {
        do throws(SystemError) { done.resume(returning: try work()) } catch { done.resume(throwing: error) }
      }
      if !thread.perform(job) { job() }
    }
  }

  /// Works off what waits and ends the threads. Blocks: call it off the executors, or last of all.
  package func stop() {
    reader.stop()
    thread.stop()
  }
}
