/// Files of the archive by the operator's keys.
extension OpenDirectory {
  /// Makes a file that must not exist yet, sealed if there is a key.
  func create(_ name: String, keys: ArchiveKeys) throws(SystemError) -> ArchiveFile {
    let file = try create(name)
    guard let key = keys.newest else { return .plain(file) }
    do throws(SystemError) { return .sealed(try SealedFile(making: file, name: name, sealedBy: key)) } catch {
      // Nothing could follow what is not there.
      try? remove(name)
      throw error
    }
  }

  /// Opens a file as what it is, whatever keys seal new ones. `recovering`: a crash may have cut it off.
  func open(_ name: String, keys: ArchiveKeys, recovering: Bool = false) throws(SystemError) -> ArchiveFile {
    let file = try open(name)
    let header = try file.read(SealedHeader.count, at: 0)
    guard SealedHeader.keyName(header) != nil else { return .plain(file) }
    return .sealed(try SealedFile.open(file, name: name, header: header, keys: keys, recovering: recovering))
  }

  /// Writes a file, or replaces it whole, sealed by the newest key if `isSealed`.
  func replace(_ name: String, with octets: [UInt8], keys: ArchiveKeys, isSealed: Bool) throws(SystemError) {
    guard isSealed, let key = keys.newest else { return try replace(name, with: octets) }
    try replace(name, with: try SealedFile.octets(octets, sealedBy: key))
  }
}
