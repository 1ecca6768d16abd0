/// An open sealed file for who hands it out; its work is done on a thread of its own.
package final class SealedReader: Sendable {
  private let file: SealedFile
  private let thread: JobThread

  init(file: SealedFile, thread: JobThread) {
    self.file = file
    self.thread = thread
  }

  /// Octets of the content.
  package var octets: Int64 { file.size }

  /// At most `count` octets from `offset` on; fewer only at the end.
  package func read(_ count: Int, at offset: Int64) async throws -> [UInt8] {
    let file = file
    return try await thread.value { () throws(SystemError) in try ArchiveFile.sealed(file).read(count, at: offset) }
  }
}
