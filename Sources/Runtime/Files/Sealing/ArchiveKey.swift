import Crypto
import Primitives

/// A key that seals files of the archive: 256 bits of the operator's, known by a name that tells nothing of them.
package struct ArchiveKey: Hashable, Sendable {
  /// Octets of a key and of its name.
  static let count = 32
  static let nameCount = 8

  /// The first octets of the SHA-256 of a prefix and the key.
  let name: [UInt8]
  private let octets: Redacted<[UInt8]>

  /// Nil if it has not the right length.
  init?(_ octets: [UInt8]) {
    guard octets.count == Self.count else { return nil }
    self.octets = Redacted(octets)
    name = Array(SHA256.hash(data: Array("trialogue archive key".utf8) + octets).prefix(Self.nameCount))
  }

  /// Its name in lower-case hex, for people.
  package var id: String { Self.text(name) }

  var symmetric: SymmetricKey { SymmetricKey(data: octets.value) }

  static func text(_ name: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: name.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
