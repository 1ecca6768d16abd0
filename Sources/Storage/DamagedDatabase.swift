import GRDB

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What becomes of a database that is damaged, or none of ours: it is set aside, and an empty one takes its place.
enum DamagedDatabase {
  /// Opens what is at `path`. Returns also where the former one was put, if it was. Throws what stands in the way of
  /// any database there: no permission, no space.
  static func replaced<Store>(
    at path: String, open: (_ path: String) throws -> Store
  ) throws -> (store: Store, setAside: String?) {
    do { return (try open(path), nil) } catch let error as DatabaseError {
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
    return (try open(path), place)
  }

  /// Reads every page: a damaged one may lie where no query of today looks.
  static func check(_ database: DatabasePool) throws {
    let verdict = try database.read { try String.fetchOne($0, sql: "PRAGMA quick_check(1)") }
    guard verdict == "ok" else { throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: verdict) }
  }
}
