/// The recordings root as the archive writes to it; Runtime's folder implements it.
package protocol ArchiveDisk: Sendable {
  /// Writes or replaces a file whole, in a directory below the root that is made if missing; durable when it returns. Holds no thread
  /// of the caller's.
  func write(_ octets: [UInt8], to name: String, in directory: String) async throws
}
