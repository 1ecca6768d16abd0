import Audio
import Foundation

/// A file that is written under another name, `NAME.part`, until it is whole.
struct PartialFile {
  /// Octets that are written at a time.
  static let block = 1 << 18

  let path: String
  private let handle: FileHandle
  var part: String { path + ".part" }

  /// Throws if there is a file already that must not be overwritten, or if the place cannot be written to.
  init(_ path: String, force: Bool) throws(TranscodeFailure) {
    self.path = path
    let files = FileManager.default
    if files.fileExists(atPath: path) {
      if InputFile.isDirectory(path) { throw TranscodeFailure(path, "this is a directory: name a file, or use --to") }
      if !force { throw TranscodeFailure(path, "it exists already: --force overwrites it") }
    }
    let part = path + ".part"
    guard files.createFile(atPath: part, contents: nil), let handle = FileHandle(forWritingAtPath: part) else {
      throw TranscodeFailure(path, "it cannot be written: check the directory and its permissions")
    }
    self.handle = handle
  }

  func write(_ octets: [UInt8]) throws(TranscodeFailure) {
    guard !octets.isEmpty else { return }
    do { try handle.write(contentsOf: Data(octets)) } catch { throw full }
  }

  /// Brings the beginning up to date and gives the file its name.
  func finish(_ patches: [FilePatch]) throws(TranscodeFailure) {
    do {
      for patch in patches {
        try handle.seek(toOffset: UInt64(patch.offset))
        try handle.write(contentsOf: Data(patch.bytes))
      }
      try handle.close()
      if FileManager.default.fileExists(atPath: path) { try FileManager.default.removeItem(atPath: path) }
      try FileManager.default.moveItem(atPath: part, toPath: path)
    } catch { throw full }
  }

  /// Leaves nothing behind.
  func discard() {
    try? handle.close()
    try? FileManager.default.removeItem(atPath: part)
  }

  private var full: TranscodeFailure {
    TranscodeFailure(path, "it cannot be written any further: is the disk full?")
  }
}
