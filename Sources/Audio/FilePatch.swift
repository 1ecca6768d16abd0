/// Octets that replace others in a file that is already written: a header whose sizes are now known.
package struct FilePatch: Sendable, Hashable {
  /// From the start of the file.
  package var offset: Int
  package var bytes: [UInt8]
  package init(offset: Int, bytes: [UInt8]) {
    self.offset = offset
    self.bytes = bytes
  }
}
