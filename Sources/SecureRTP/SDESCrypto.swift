import Primitives

/// One `a=crypto` attribute: a suite and the sender's key; RFC 4568.
///
/// ```
/// a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz|2^20 WSH=64
/// ```
package struct SDESCrypto: Hashable, Sendable {
  /// Octets of the longest line read.
  package static let maximumCount = 512

  /// 0 to 999,999,999; the answer repeats the offer's.
  package var tag: Int
  package var profile: SRTPProfile
  /// For what the sender of the line sends.
  package var keys: SRTPKeys
  /// Packets that the key may protect; nil means as many as SRTP allows. It binds who sends with the key.
  package var lifetime: UInt64?

  package init(tag: Int, profile: SRTPProfile, keys: SRTPKeys, lifetime: UInt64? = nil) {
    self.tag = tag
    self.profile = profile
    self.keys = keys
    self.lifetime = lifetime
  }

  /// A line with new keys.
  package init(tag: Int, profile: SRTPProfile, using random: inout RandomSource) {
    self.init(tag: tag, profile: profile, keys: SRTPKeys(profile: profile, using: &random))
  }

  /// Reads the attribute's value, without `a=crypto:`.
  package static func parse(_ value: some StringProtocol) throws(SDESError) -> SDESCrypto {
    guard value.utf8.count <= maximumCount else { throw .malformed }
    let words = value.split(separator: " ")
    guard words.count >= 3, (1...9).contains(words[0].utf8.count), words[0].utf8.allSatisfy(isDigit),
      let tag = Int(words[0])
    else { throw .malformed }
    guard let profile = SRTPProfile(sdesName: words[1]) else { throw .unsupportedSuite }
    // Several keys stand behind each other, with a semicolon between.
    guard !words[2].contains(";") else { throw .severalKeys }
    let (keys, lifetime) = try key(String(words[2]), profile: profile)
    for word in words.dropFirst(3) where !isHarmless(String(word)) { throw .sessionParameter }
    return SDESCrypto(tag: tag, profile: profile, keys: keys, lifetime: lifetime)
  }

  /// The first of an offer's lines that can be used, in the offerer's order of preference: RFC 4568, section 5.1.2.
  package static func choose(_ values: [String], allowing profiles: Set<SRTPProfile>) -> SDESCrypto? {
    for value in values {
      if let crypto = try? parse(value), profiles.contains(crypto.profile) { return crypto }
    }
    return nil
  }

  /// The line that answers this one: its tag and suite, our key.
  package func answer(using random: inout RandomSource) -> SDESCrypto {
    SDESCrypto(tag: tag, profile: profile, using: &random)
  }

  /// The attribute's value with the key in it: for the session description, and for nothing else.
  package var value: String {
    let inline = "\(tag) \(profile.sdesName) inline:\(Base64.encode(keys.keyAndSalt))"
    return lifetime.map { "\(inline)|\($0)" } ?? inline
  }

  /// `inline:key|lifetime|MKI:length`, the latter two optional.
  private static func key(_ text: String, profile: SRTPProfile) throws(SDESError) -> (SRTPKeys, UInt64?) {
    let method = "inline:"
    guard text.utf8.count > method.utf8.count, text.prefix(method.count).lowercased() == method else {
      throw .malformed
    }
    let parts = text.dropFirst(method.count).split(separator: "|", omittingEmptySubsequences: false)
    guard parts.count <= 3, let octets = Base64.decode(parts[0], mayLackPadding: true) else { throw .malformed }
    // A part with a colon is the identifier.
    guard !parts.dropFirst().contains(where: { $0.contains(":") }) else { throw .masterKeyIdentifier }
    guard parts.count <= 2 else { throw .malformed }
    guard let keys = SRTPKeys(profile: profile, keyAndSalt: octets) else { throw .keyLength }
    guard parts.count == 2 else { return (keys, nil) }
    guard let lifetime = lifetime(parts[1]) else { throw .malformed }
    return (keys, lifetime)
  }

  /// `2^20`, or digits; at most 2⁴⁸.
  private static func lifetime(_ text: Substring) -> UInt64? {
    let isPower = text.hasPrefix("2^")
    let digits = isPower ? text.dropFirst(2) : text
    guard (1...15).contains(digits.utf8.count), digits.utf8.allSatisfy(isDigit), let number = UInt64(digits) else {
      return nil
    }
    guard isPower else { return number > 0 && number <= SRTPSource.rtpLimit ? number : nil }
    return number <= 48 ? 1 << number : nil
  }

  /// A window size is a hint, and a parameter behind a dash may be passed over: RFC 4568, sections 6.3.6 and 6.3.7.
  private static func isHarmless(_ parameter: String) -> Bool {
    parameter.hasPrefix("WSH=") || parameter.hasPrefix("-")
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}

extension SDESCrypto: CustomStringConvertible {
  /// Without the key.
  package var description: String { "\(tag) \(profile.sdesName) \(keys)" }
}
