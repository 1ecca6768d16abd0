import Crypto

/// A hash that digest authentication may use: RFC 7616, section 3.3, and RFC 8760 for SIP.
package enum DigestAlgorithm: String, Hashable, Sendable, Codable, CaseIterable {
  case sha256 = "SHA-256"
  case sha256Session = "SHA-256-sess"
  /// For phones that know nothing better.
  case md5 = "MD5"
  case md5Session = "MD5-sess"

  /// Reads the name without regard to case; nil if the algorithm is not spoken here.
  package init?(name: String) {
    guard let match = DigestAlgorithm.allCases.first(where: { CharacterClass.equal($0.rawValue, name) }) else {
      return nil
    }
    self = match
  }

  /// True if nonce and cnonce go into A1.
  package var isSession: Bool { self == .sha256Session || self == .md5Session }

  /// Preferred ones are greater.
  var strength: Int {
    switch self {
    case .sha256, .sha256Session: 2
    case .md5, .md5Session: 1
    }
  }

  /// The hash in lower-case hex.
  package func hash(_ bytes: [UInt8]) -> String {
    switch self {
    case .sha256, .sha256Session: DigestAlgorithm.hex(SHA256.hash(data: bytes))
    case .md5, .md5Session: DigestAlgorithm.hex(Insecure.MD5.hash(data: bytes))
    }
  }

  package func hash(_ text: String) -> String { hash(Array(text.utf8)) }

  static func hex(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for byte in bytes {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 0xF)])
    }
    return String(decoding: text, as: UTF8.self)
  }
}
