import Foundation

/// A file that is read in pieces.
final class InputFile {
  private let path: String
  private let handle: FileHandle
  /// Octets read so far.
  private(set) var offset = 0

  init(_ path: String) throws(TranscodeFailure) {
    self.path = path
    guard FileManager.default.fileExists(atPath: path) else {
      throw TranscodeFailure(path, "there is no such file: check the name")
    }
    if InputFile.isDirectory(path) { throw TranscodeFailure(path, "this is a directory: name files") }
    guard let handle = FileHandle(forReadingAtPath: path) else {
      throw TranscodeFailure(path, "it cannot be read: check its permissions")
    }
    self.handle = handle
  }

  static func isDirectory(_ path: String) -> Bool {
    let place = URL(filePath: path).resolvingSymlinksInPath().path
    let attributes = try? FileManager.default.attributesOfItem(atPath: place)
    return attributes?[.type] as? FileAttributeType == .typeDirectory
  }

  /// The next octets; fewer than asked for at the end alone.
  func read(_ count: Int) throws(TranscodeFailure) -> [UInt8] {
    var octets: [UInt8] = []
    do {
      while octets.count < count, let data = try handle.read(upToCount: count - octets.count), !data.isEmpty {
        octets += data
      }
    } catch {
      throw TranscodeFailure(path, "at octet \(offset + octets.count): it cannot be read any further: \(error)")
    }
    offset += octets.count
    return octets
  }
}
