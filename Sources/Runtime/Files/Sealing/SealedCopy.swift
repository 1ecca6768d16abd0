/// A plain copy of a file that may be sealed.
package enum SealedCopy {
  /// Octets that are in memory at a time.
  private static let piece = 1 << 20

  /// Copies a file into a directory, under its own name; returns where it is. What is there already is not written over,
  /// and of a file that is not what was sealed nothing is left. A file that a crash cut off is copied to its last record.
  package static func write(
    _ path: String, to directory: String, keys: ArchiveKeys
  ) throws(SystemError) -> String {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    let name = String(parts.last ?? "")
    let folder = parts.count == 1 ? "." : parts.dropLast().joined(separator: "/") + "/"
    let source = try OpenDirectory(root: folder).open(name, keys: keys, recovering: name.hasSuffix(WriterFile.suffix))
    let target = try OpenDirectory(root: directory)
    let copy = try target.create(name)
    do throws(SystemError) {
      var offset: Int64 = 0
      while true {
        let octets = try source.read(piece, at: offset)
        do throws(OpenFile.WriteError) { try copy.write(octets.span, at: offset) } catch { throw error.error }
        offset += Int64(octets.count)
        if octets.count < piece { break }
      }
      try copy.sync()
    } catch {
      try? target.remove(name)
      throw error
    }
    return "\(directory)/\(name)"
  }
}
