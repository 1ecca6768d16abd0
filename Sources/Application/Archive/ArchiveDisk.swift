/// The recordings root as the archive writes to it; Runtime's folder implements it. Nothing here holds a thread of the
/// caller's.
package protocol ArchiveDisk: Sendable {
  /// Writes or replaces a file whole, in a directory below the root that is made if missing; durable when it returns.
  func write(_ octets: [UInt8], to name: String, in directory: String) async throws
  /// Writes at a place of a file in the root itself, which is made if missing, and cuts off what lies behind; durable
  /// when it returns.
  func write(_ octets: [UInt8], to name: String, at offset: Int64) async throws
  /// Length and SHA-256, in lower-case hex, of a file in a directory below the root; of a sealed file, of what it holds.
  /// The sum is empty where that is not what was sealed.
  func digest(of name: String, in directory: String) async throws -> (octets: Int64, sha256: String)
  /// The same of a file as it lies there, sealed or not.
  func storedDigest(of name: String, in directory: String) async throws -> (octets: Int64, sha256: String)
  /// Opens a sealed file in a directory below the root; nil if it is not sealed, or not there.
  func sealedContent(of name: String, in directory: String) async throws -> (any SealedContent)?
}
