/// Writes the small files of the archive, durably, on a thread of its own, examines large ones on another, and reads sealed
/// ones on a third: whoever waits for it waits without holding a thread.
package final class ArchiveFolder: Sendable {
  private let root: OpenDirectory
  private let keys: ArchiveKeys
  private let thread: JobThread
  private let examiner: JobThread
  private let reader: JobThread

  /// Call `stop` at the end.
  package init(root path: String, keys: ArchiveKeys = .none) throws(SystemError) {
    root = try OpenDirectory(root: path)
    self.keys = keys
    thread = try JobThread(name: "rec-notes")
    do throws(SystemError) { examiner = try JobThread(name: "rec-verify") } catch {
      thread.stop()
      throw error
    }
    do throws(SystemError) { reader = try JobThread(name: "rec-read") } catch {
      thread.stop()
      examiner.stop()
      throw error
    }
  }

  /// Writes or replaces a file in a directory below the root, which is made if it is missing. When this returns, the file
  /// survives a power cut; at no time is there half of one.
  package func write(_ octets: [UInt8], to name: String, in directory: String) async throws {
    let root = root
    try await thread.value { () throws(SystemError) in
      try root.directory(directory, create: true).replace(name, with: octets)
    }
  }

  /// Writes at a place of a file in the root, which is made if it is missing, and cuts off what lies behind. When this
  /// returns, that survives a power cut.
  package func write(_ octets: [UInt8], to name: String, at offset: Int64) async throws {
    let root = root
    try await thread.value { () throws(SystemError) in
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

  /// Length and SHA-256, in lower-case hex, of a file in a directory below the root; of a sealed file, of what it holds.
  /// The sum is empty where that is not what was sealed.
  package func digest(of name: String, in directory: String) async throws -> (octets: Int64, sha256: String) {
    let root = root
    let keys = keys
    return try await examiner.value { () throws(SystemError) in
      do throws(SystemError) {
        let file = try root.directory(directory, create: false).open(name, keys: keys)
        return (file.size, try FileDigest.sha256(of: file))
      } catch {
        guard error.isAltered else { throw error }
        return (0, "")
      }
    }
  }

  /// The same of a file as it lies there, sealed or not.
  package func storedDigest(of name: String, in directory: String) async throws -> (octets: Int64, sha256: String) {
    let root = root
    return try await examiner.value { () throws(SystemError) in
      let file = ArchiveFile.plain(try root.directory(directory, create: false).open(name))
      return (file.size, try FileDigest.sha256(of: file))
    }
  }

  /// Opens a sealed file in a directory below the root; nil if it is not sealed.
  package func open(_ name: String, in directory: String) async throws -> SealedReader? {
    let root = root
    let keys = keys
    let reader = reader
    return try await reader.value { () throws(SystemError) in
      switch try root.directory(directory, create: false).open(name, keys: keys) {
      case .plain: nil
      case .sealed(let file): SealedReader(file: file, thread: reader)
      }
    }
  }

  /// Works off what waits and ends the threads. Blocks: call it off the executors, or last of all.
  package func stop() {
    reader.stop()
    examiner.stop()
    thread.stop()
  }
}
