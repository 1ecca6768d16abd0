import Crypto

/// The SHA-256 (FIPS 180-4) of a whole file, read in pieces.
enum FileDigest {
  static let piece = 1 << 20

  /// Lower-case hex.
  static func sha256(of file: ArchiveFile) throws(SystemError) -> String {
    var hash = SHA256()
    var buffer = [UInt8](repeating: 0, count: piece)
    var offset: Int64 = 0
    while true {
      let count = try file.read(into: &buffer, at: offset)
      if count == piece { hash.update(data: buffer) } else { hash.update(data: Array(buffer[..<count])) }
      offset += Int64(count)
      if count < piece { break }
    }
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: hash.finalize().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
