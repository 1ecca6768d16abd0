import Primitives

/// The user name fragment and password of one side for one generation of ICE: RFC 8839, section 5.4.
package struct ICECredentials: Hashable, Sendable, Codable {
  package let ufrag: String
  package let password: String

  /// Characters at most, of either.
  package static let limit = 256

  /// What the peer's `a=ice-ufrag` and `a=ice-pwd` say; nil unless the ufrag has at least 4, the password at least 22
  /// characters, all of them letters, digits, `+` or `/`.
  package init?(ufrag: String, password: String) {
    guard (4...Self.limit).contains(ufrag.utf8.count), (22...Self.limit).contains(password.utf8.count),
      ufrag.utf8.allSatisfy(Self.isICECharacter), password.utf8.allSatisfy(Self.isICECharacter)
    else { return nil }
    self.ufrag = ufrag
    self.password = password
  }

  /// Fresh ones of ours: 48 bits of ufrag, which must only be unique, and 144 of password (RFC 8445, section 5.3, asks
  /// for 24 and 128).
  package init(random: inout RandomSource) {
    ufrag = Self.text(8, &random)
    password = Self.text(24, &random)
  }

  /// The key that finds the agent; nil for a ufrag longer than ours are.
  package var key: UfragKey? { UfragKey(ufrag) }

  static func isICECharacter(_ octet: UInt8) -> Bool {
    switch octet {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "+"), UInt8(ascii: "/"): true
    default: false
    }
  }

  private static func text(_ count: Int, _ random: inout RandomSource) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var octets: [UInt8] = []
    var bits: UInt64 = 0
    for index in 0..<count {
      if index % 10 == 0 { bits = random.next() }
      octets.append(alphabet[Int(bits & 63)])
      bits >>= 6
    }
    return String(decoding: octets, as: UTF8.self)
  }
}

extension ICECredentials: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The password stays out of logs.
  package var description: String { "\(ufrag):‹redacted›" }
  package var debugDescription: String { description }
  package var customMirror: Mirror { Mirror(self, children: ["ufrag": ufrag]) }
}
