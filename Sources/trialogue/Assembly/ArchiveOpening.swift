import Application
import Foundation
import Logging
import Runtime
import Storage

/// The archive of a recordings root, opened, repaired and with an index that says what the disk holds.
struct ArchiveOpening {
  let archive: Archive
  let index: RecordingIndex
  let folder: ArchiveFolder
  /// Held as long as anything may be written below the root.
  let lock: ArchiveLock
  let report: ArchiveRepair.Report

  /// Throws a sentence for the operator if another server works there, or the disk does not let us.
  static func open(
    root: String, spill: String?, keys: ArchiveKeys = .none, retention: RetentionPolicy = RetentionPolicy(),
    clock: any Timekeeping,
    logger: Logger
  ) async throws -> ArchiveOpening {
    try makeDirectory(root)
    let lock = try lock(root)
    let index: RecordingIndex
    do {
      let opened = try RecordingIndex.open(path: "\(root)/index.sqlite")
      index = opened.index
      if let place = opened.setAside {
        logger.error(
          "the index of recordings was damaged; it was set aside and is rebuilt from the files",
          metadata: ["former": "\(place)"])
      }
    } catch {
      throw StartFailure("recording.directory: the index '\(root)/index.sqlite' cannot be opened: \(error)")
    }
    let folder: ArchiveFolder
    do { folder = try ArchiveFolder(root: root, keys: keys) } catch {
      throw StartFailure("recording.directory: '\(root)' cannot be opened: \(error)")
    }
    let accesses: AccessLog
    do {
      let opened = try AccessLog.open(path: "\(root)/accesses.sqlite")
      accesses = opened.log
      if let place = opened.setAside {
        logger.error("the access log was damaged; it was set aside", metadata: ["former": "\(place)"])
      }
    } catch {
      folder.stop()
      throw StartFailure("recording.directory: the access log '\(root)/accesses.sqlite' cannot be opened: \(error)")
    }
    let archive = Archive(
      root: root, store: index, accesses: accesses, disk: folder, clock: clock, logger: logger, retention: retention)
    let report: ArchiveRepair.Report
    do throws(SystemError) { report = try ArchiveRepair.run(root: root, spill: spill, keys: keys) } catch {
      folder.stop()
      throw StartFailure("recording.directory: '\(root)' cannot be searched for unfinished recordings: \(error)")
    }
    let opening = ArchiveOpening(archive: archive, index: index, folder: folder, lock: lock, report: report)
    await opening.index(root: root, keys: keys, logger: logger)
    return opening
  }

  /// Waits until every entry is written, and ends the archive's thread.
  func close() async {
    await archive.endVerification()
    await archive.settle()
    folder.stop()
  }

  private func index(root: String, keys: ArchiveKeys, logger: Logger) async {
    for repaired in report.recordings {
      await archive.recovered(directory: repaired.directory, files: repaired.files)
      logger.notice("recording recovered", metadata: ["directory": "\(repaired.directory)"])
    }
    for path in report.unreadable {
      logger.error("a recording holds no audio that can be saved; it was set aside", metadata: ["file": "\(path)"])
    }
    for (path, reason) in report.failed.sorted(by: { $0.key < $1.key }) {
      logger.error(
        "a recording could not be repaired; the next start tries again",
        metadata: ["file": "\(path)", "reason": "\(reason)"])
    }
    await archive.reconcile { ArchiveRepair.inspect(root: root, directory: $0, keys: keys) }
  }

  private static func lock(_ root: String) throws -> ArchiveLock {
    do { return try ArchiveLock(root: root) } catch  where error.isBusy {
      throw StartFailure(
        "recording.directory: '\(root)' belongs to another server that runs (it holds the lock "
          + "'\(root)/\(ArchiveLock.name)'); end that one, or give this one a directory of its own")
    } catch {
      throw StartFailure("recording.directory: '\(root)/\(ArchiveLock.name)' cannot be locked: \(error)")
    }
  }

  private static func makeDirectory(_ path: String) throws {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw StartFailure("recording.directory: '\(path)' cannot be made; check the path and its permissions")
    }
    guard FileManager.default.isWritableFile(atPath: path) else {
      throw StartFailure("recording.directory: '\(path)' cannot be written; give this user write permission")
    }
  }
}

extension ArchiveFolder: ArchiveDisk {
  package func sealedContent(of name: String, in directory: String) async throws -> (any SealedContent)? {
    do { return try await open(name, in: directory) } catch let error as SystemError where error.isMissing {
      return nil
    }
  }
}

extension SealedReader: SealedContent {}
