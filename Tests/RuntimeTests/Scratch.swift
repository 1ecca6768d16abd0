import Foundation
import Glibc

/// A directory of a test's own; gone with the value.
final class Scratch: Sendable {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "trialogue-" + UUID().uuidString.lowercased()
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: path + "/" + name)))
  }

  func write(_ bytes: [UInt8], _ name: String) throws {
    let url = URL(fileURLWithPath: path + "/" + name)
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
  }

  func link(_ target: String, at name: String) throws {
    try FileManager.default.createSymbolicLink(
      atPath: path + "/" + name, withDestinationPath: path + "/" + target)
  }

  func remove(_ name: String) { try? FileManager.default.removeItem(atPath: path + "/" + name) }

  func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path + "/" + name) }

  /// Every file below, sorted.
  var files: [String] {
    (FileManager.default.subpaths(atPath: path) ?? []).filter { name in
      let attributes = try? FileManager.default.attributesOfItem(atPath: path + "/" + name)
      return attributes?[.type] as? FileAttributeType == .typeRegular
    }.sorted()
  }
}

/// A disk of a few hundred KiB that really fills up: a tmpfs of its own, if the test may mount one.
final class TinyDisk: Sendable {
  let scratch: Scratch

  init?(kibibytes: Int) {
    guard let scratch = try? Scratch() else { return nil }
    self.scratch = scratch
    let options = "size=\(kibibytes)k"
    let result = unsafe options.withCString { text in
      unsafe mount("none", scratch.path, "tmpfs", 0, UnsafeRawPointer(text))
    }
    guard result == 0 else { return nil }
  }

  deinit { unsafe umount2(scratch.path, Int32(MNT_DETACH)) }

  static let isPossible = TinyDisk(kibibytes: 64) != nil
}
