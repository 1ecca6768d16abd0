import Primitives

/// A master key and its salt: all the secrets of one direction of a session. Never printed.
package struct SRTPKeys: Hashable, Sendable {
  let key: Redacted<[UInt8]>
  let salt: Redacted<[UInt8]>

  /// Nil unless the lengths are those of the profile.
  package init?(profile: SRTPProfile, key: [UInt8], salt: [UInt8]) {
    guard key.count == profile.keyCount, salt.count == profile.saltCount else { return nil }
    self.key = Redacted(key)
    self.salt = Redacted(salt)
  }

  /// Key and salt in one piece, as SDES carries them; nil unless the length is that of the profile.
  package init?(profile: SRTPProfile, keyAndSalt: [UInt8]) {
    guard keyAndSalt.count == profile.keyCount + profile.saltCount else { return nil }
    self.init(
      profile: profile, key: Array(keyAndSalt.prefix(profile.keyCount)),
      salt: Array(keyAndSalt.dropFirst(profile.keyCount)))
  }

  /// New keys; the source must be the system's wherever it matters.
  package init(profile: SRTPProfile, using random: inout RandomSource) {
    key = Redacted(Self.octets(profile.keyCount, using: &random))
    salt = Redacted(Self.octets(profile.saltCount, using: &random))
  }

  /// Whether the lengths are those of the profile.
  func fit(_ profile: SRTPProfile) -> Bool {
    key.value.count == profile.keyCount && salt.value.count == profile.saltCount
  }

  /// For the line of a session description only.
  var keyAndSalt: [UInt8] { key.value + salt.value }

  private static func octets(_ count: Int, using random: inout RandomSource) -> [UInt8] {
    (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next() >> 32) }
  }
}

extension SRTPKeys: CustomStringConvertible {
  package var description: String { "\(key)" }
}
