/// The right to write below a recordings root: one server at a time has it, until it ends in whatever way.
///
/// Without it a second server would take the first one's growing files for a crash's leavings and repair them.
package final class ArchiveLock: Sendable {
  /// Of the file in the root that is locked (flock); it stays, only its lock goes.
  package static let name = ".lock"

  private let file: OpenFile

  /// Throws an error that `isBusy` if another process holds the lock.
  package init(root: String) throws(SystemError) { file = try OpenDirectory(root: root).lock(ArchiveLock.name) }
}
