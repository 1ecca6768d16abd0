/// The ciphers of one session's RTP or RTCP with their session keys: what is done to a packet once its index is known.
enum SRTPTransform: ~Copyable {
  case galois(GaloisTransform)
  case counter(CounterTransform)

  /// Octets of an HMAC key: RFC 3711, section 8.2.
  static let authenticationKeyCount = 20
  /// Octets of RTCP's header and first SSRC, which stay readable.
  static let rtcpHeaderCount = 8
  /// The E bit of RTCP's index word: the packet is encrypted.
  static let encryptedBit: UInt32 = 1 << 31

  /// With session keys, that is after derivation.
  init(_ profile: SRTPProfile, key: [UInt8], authentication: [UInt8], salt: [UInt8]) throws(SRTPError) {
    if profile.isAEAD {
      self = .galois(try GaloisTransform(key: key, salt: salt))
    } else {
      self = .counter(try CounterTransform(key: key, authentication: authentication, salt: salt))
    }
  }

  static func rtp(_ profile: SRTPProfile, _ keys: borrowing SRTPKeyDerivation) throws(SRTPError) -> SRTPTransform {
    try SRTPTransform(
      profile, key: try keys.key(.rtpKey, count: profile.keyCount),
      authentication: try keys.key(.rtpAuthentication, count: authenticationKeyCount),
      salt: try keys.key(.rtpSalt, count: profile.saltCount))
  }

  static func rtcp(_ profile: SRTPProfile, _ keys: borrowing SRTPKeyDerivation) throws(SRTPError) -> SRTPTransform {
    try SRTPTransform(
      profile, key: try keys.key(.rtcpKey, count: profile.keyCount),
      authentication: try keys.key(.rtcpAuthentication, count: authenticationKeyCount),
      salt: try keys.key(.rtcpSalt, count: profile.saltCount))
  }

  /// Encrypts, and writes a tag of `tag` octets behind the packet.
  func seal(rtp packet: inout MutableSpan<UInt8>, _ place: SRTPPlace, tag: Int) throws(SRTPError) {
    switch self {
    case .galois(let transform): try transform.seal(rtp: &packet, place)
    case .counter(let transform): try transform.seal(rtp: &packet, place, tag: tag)
    }
  }

  /// Checks the tag behind the packet, and decrypts.
  func open(rtp packet: inout MutableSpan<UInt8>, _ place: SRTPPlace, tag: Int) throws(SRTPError) {
    switch self {
    case .galois(let transform): try transform.open(rtp: &packet, place)
    case .counter(let transform): try transform.open(rtp: &packet, place, tag: tag)
    }
  }

  /// Encrypts, and writes tag and index word behind the packet.
  func seal(rtcp packet: inout MutableSpan<UInt8>, _ place: SRTPPlace, tag: Int) throws(SRTPError) {
    let word = UInt32(truncatingIfNeeded: place.index) | Self.encryptedBit
    switch self {
    case .galois(let transform): try transform.seal(rtcp: &packet, place, word: word)
    case .counter(let transform): try transform.seal(rtcp: &packet, place, word: word, tag: tag)
    }
  }

  /// Checks tag and index word behind the packet, and decrypts if the word says that it is encrypted.
  func open(rtcp packet: inout MutableSpan<UInt8>, _ place: SRTPPlace, word: UInt32, tag: Int) throws(SRTPError) {
    var place = place
    if word & Self.encryptedBit == 0 { place.header = place.count }
    switch self {
    case .galois(let transform): try transform.open(rtcp: &packet, place, word: word)
    case .counter(let transform): try transform.open(rtcp: &packet, place, tag: tag)
    }
  }

  /// Where the index word of a protected RTCP packet of `count` octets stands.
  func wordOffset(count: Int, tag: Int) -> Int {
    switch self {
    case .galois: count &- 4
    case .counter: count &- tag &- 4
    }
  }
}
