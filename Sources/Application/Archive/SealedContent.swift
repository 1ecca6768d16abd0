/// An open file whose content is sealed on the disk. Nothing here holds a thread of the caller's.
package protocol SealedContent: Sendable {
  var octets: Int64 { get }
  /// At most `count` octets from `offset` on; fewer only at the end. Throws if they are not what was sealed.
  func read(_ count: Int, at offset: Int64) async throws -> [UInt8]
}
