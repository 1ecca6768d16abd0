import Crypto

/// The beginning of a sealed file: the file's own key, wrapped by a key of the operator's (RFC 3394).
///
/// ```
/// "TRILSEA1" | name of the operator's key: 8 octets | wrapped key: 40 octets
/// ```
enum SealedHeader {
  static let magic = Array("TRILSEA1".utf8)
  static let count = magic.count + ArchiveKey.nameCount + 40

  /// A fresh key, and the octets that hold it.
  static func make(sealedBy key: ArchiveKey) throws(SystemError) -> (key: SymmetricKey, octets: [UInt8]) {
    let own = SymmetricKey(size: .bits256)
    guard let wrapped = try? AES.KeyWrap.wrap(own, using: key.symmetric) else {
      throw SystemError.keyRejected("wrap a file's key")
    }
    return (own, magic + key.name + wrapped)
  }

  /// The name of the key that a file is sealed by; nil if it is not sealed.
  static func keyName(_ octets: [UInt8]) -> ArraySlice<UInt8>? {
    guard octets.count >= count, octets.starts(with: magic) else { return nil }
    return octets[magic.count..<magic.count + ArchiveKey.nameCount]
  }

  /// The key of the file that begins so. `file`: its name, for the error.
  static func open(_ octets: [UInt8], of file: String, keys: ArchiveKeys) throws(SystemError) -> SymmetricKey {
    guard let name = keyName(octets) else { throw SystemError.altered("read the header of \(file)") }
    guard let key = keys.key(named: name) else {
      throw SystemError.noKey("open \(file), which is sealed by key \(ArchiveKey.text(name))")
    }
    let wrapped = octets[(magic.count + ArchiveKey.nameCount)..<count]
    guard let own = try? AES.KeyWrap.unwrap(Array(wrapped), using: key.symmetric) else {
      throw SystemError.keyRejected("open \(file) by key \(key.id)")
    }
    return own
  }
}
