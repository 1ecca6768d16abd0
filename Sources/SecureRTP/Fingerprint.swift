/// The hash of a certificate, by which a session description names the peer; RFC 8122, section 5.
///
/// ```
/// a=fingerprint:sha-256 4A:AD:B9:B1:3F:82:18:3B:54:02:12:DF:3E:5D:49:6B:19:E5:7C:AB:…
/// ```
package struct Fingerprint: Hashable, Sendable {
  /// Hash functions with names for `a=fingerprint`. MD5 and MD2 are none.
  package enum Algorithm: String, Hashable, Sendable, CaseIterable {
    case sha1 = "sha-1"
    case sha224 = "sha-224"
    case sha256 = "sha-256"
    case sha384 = "sha-384"
    case sha512 = "sha-512"

    /// Octets of a hash.
    package var count: Int {
      switch self {
      case .sha1: 20
      case .sha224: 28
      case .sha256: 32
      case .sha384: 48
      case .sha512: 64
      }
    }

    /// What a certificate may be recognised by: SHA-256 and longer; RFC 8122 asks for SHA-256, and SHA-1 can be forged.
    package var isTrusted: Bool {
      switch self {
      case .sha1, .sha224: false
      case .sha256, .sha384, .sha512: true
      }
    }
  }

  package let algorithm: Algorithm
  package let octets: [UInt8]

  /// Nil unless there are as many octets as the hash has.
  package init?(_ algorithm: Algorithm, octets: [UInt8]) {
    guard octets.count == algorithm.count else { return nil }
    self.algorithm = algorithm
    self.octets = octets
  }

  /// Reads the attribute's value, without `a=fingerprint:`. Nil for another hash function, and for anything but pairs
  /// of hexadecimal digits with colons between.
  package init?(_ value: some StringProtocol) {
    guard value.utf8.count <= 256 else { return nil }
    let words = value.split(separator: " ")
    guard words.count == 2, let algorithm = Algorithm(rawValue: words[0].lowercased()) else { return nil }
    var octets: [UInt8] = []
    for pair in words[1].split(separator: ":", omittingEmptySubsequences: false) {
      guard pair.utf8.count == 2, pair.utf8.allSatisfy({ $0 != 0x2B && $0 != 0x2D }), let octet = UInt8(pair, radix: 16)
      else { return nil }
      octets.append(octet)
    }
    self.init(algorithm, octets: octets)
  }

  /// Whether a certificate is the one that is meant. Never by a hash that is not trusted.
  package func matches(certificate der: [UInt8]) -> Bool {
    guard algorithm.isTrusted, let other = Fingerprint(of: der, algorithm) else { return false }
    return isEqual(to: other)
  }

  /// Takes as long for different octets as for equal ones.
  func isEqual(to other: Fingerprint) -> Bool {
    guard algorithm == other.algorithm, octets.count == other.octets.count else { return false }
    var difference: UInt8 = 0
    for (left, right) in zip(octets, other.octets) { difference |= left ^ right }
    return difference == 0
  }
}

extension Fingerprint: CustomStringConvertible {
  /// The attribute's value: `sha-256 AB:CD:…`.
  package var description: String {
    let pairs = octets.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }
    return "\(algorithm.rawValue) \(pairs.joined(separator: ":"))"
  }
}
