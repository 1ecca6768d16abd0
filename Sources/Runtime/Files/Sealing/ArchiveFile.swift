/// A file of the archive, read and written as what its recording knows, whether its octets lie there or are sealed.
enum ArchiveFile: Sendable {
  case plain(OpenFile)
  case sealed(SealedFile)

  /// Writes all octets at `offset`. The error tells how many are safe.
  func write(_ octets: [UInt8], at offset: Int64) throws(OpenFile.WriteError) {
    switch self {
    case .plain(let file): try file.write(octets.span, at: offset)
    case .sealed(let file): try file.write(octets, at: offset)
    }
  }

  /// Fills `buffer` from `offset` on. Returns how many octets there were: fewer only at the end of the file.
  func read(into buffer: inout [UInt8], at offset: Int64) throws(SystemError) -> Int {
    switch self {
    case .plain(let file): try file.read(into: &buffer, at: offset)
    case .sealed(let file): try file.read(into: &buffer, at: offset)
    }
  }

  /// At most `count` octets from `offset` on.
  func read(_ count: Int, at offset: Int64) throws(SystemError) -> [UInt8] {
    var octets = [UInt8](repeating: 0, count: max(0, count))
    let got = try read(into: &octets, at: offset)
    octets.removeLast(octets.count - got)
    return octets
  }

  var isSealed: Bool {
    switch self {
    case .plain: false
    case .sealed: true
    }
  }

  var size: Int64 {
    switch self {
    case .plain(let file): file.size
    case .sealed(let file): file.size
    }
  }

  /// Cuts or lengthens the file; what is new reads as zeros and takes no space.
  func truncate(to size: Int64) throws(SystemError) {
    switch self {
    case .plain(let file): try file.truncate(to: size)
    case .sealed(let file): try file.truncate(to: size)
    }
  }

  /// The file is whole; when this returns, it survives a power cut.
  func close() throws(SystemError) {
    switch self {
    case .plain(let file): try file.sync()
    case .sealed(let file):
      try file.close()
      try file.file.sync()
    }
  }

  /// Makes what was written survive a power cut.
  func sync() throws(SystemError) {
    switch self {
    case .plain(let file): try file.sync()
    case .sealed(let file): try file.file.sync()
    }
  }

  /// Octets that belong at `offset` as another file may keep them meanwhile.
  func detached(_ octets: [UInt8], at offset: Int64) throws(SystemError) -> [UInt8] {
    switch self {
    case .plain: octets
    case .sealed(let file): try file.detached(octets, at: offset)
    }
  }
}
