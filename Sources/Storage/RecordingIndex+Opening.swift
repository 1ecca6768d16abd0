import GRDB

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension RecordingIndex {
  /// Opens the index at `path`, or makes an empty one in the place of one that is damaged or no index of ours: the files tell the
  /// same. Returns also where the former one was put, if it was. Throws what stands in the way of any index: no permission, no space.
  package static func open(path: String) throws -> (index: RecordingIndex, setAside: String?) {
    do { return (try RecordingIndex(path: path), nil) } catch let error as DatabaseError {
      switch error.resultCode {
      case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_ERROR, .SQLITE_SCHEMA, .SQLITE_MISMATCH, .SQLITE_CONSTRAINT: break
      default: throw error
      }
    }
    var place = path + ".damaged"
    var number = 1
    while FileManager.default.fileExists(atPath: place) {
      number += 1
      place = "\(path).damaged-\(number)"
    }
    try FileManager.default.moveItem(atPath: path, toPath: place)
    // What belongs to the former one must not be played back into the new one.
    for suffix in ["-wal", "-shm"] where FileManager.default.fileExists(atPath: path + suffix) {
      try FileManager.default.moveItem(atPath: path + suffix, toPath: place + suffix)
    }
    return (try RecordingIndex(path: path), place)
  }
}
