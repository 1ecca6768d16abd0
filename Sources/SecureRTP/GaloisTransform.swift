/// AES-GCM on RTP and RTCP packets; RFC 7714, sections 8 and 9.
///
/// ```
///       +--------------------------------+----------------------+-------+
/// SRTP  | header, contributors, extension| payload and padding  |  tag  |
///       +--------------------------------+----------------------+-------+
///       +--------------------------------+----------------------+-------+-+---------+
/// SRTCP | header and SSRC                | rest of the compound |  tag  |E|  index  |
///       +--------------------------------+----------------------+-------+-+---------+
///                                        |<---- encrypted ----->|
/// ```
/// Everything but the tag is authenticated.
struct GaloisTransform: ~Copyable {
  private let cipher: AESGCM
  private let salt: SRTPNonce

  /// With a session key and salt.
  init(key: [UInt8], salt: [UInt8]) throws(SRTPError) {
    cipher = try AESGCM(key: key)
    self.salt = SRTPNonce(salt)
  }

  func seal(rtp packet: inout MutableSpan<UInt8>, _ place: SRTPPlace) throws(SRTPError) {
    try cipher.seal(
      &packet, header: place.header, count: place.count, trailer: nil,
      nonce: salt.galoisCounterMode(ssrc: place.ssrc, index: place.index))
  }

  func open(rtp packet: inout MutableSpan<UInt8>, _ place: SRTPPlace) throws(SRTPError) {
    try cipher.open(
      &packet, header: place.header, count: place.count, trailer: nil,
      nonce: salt.galoisCounterMode(ssrc: place.ssrc, index: place.index))
  }

  func seal(rtcp packet: inout MutableSpan<UInt8>, _ place: SRTPPlace, word: UInt32) throws(SRTPError) {
    let end = place.count &+ AESGCM.tagCount
    guard end &+ 4 <= packet.count else { throw .noRoom }
    try cipher.seal(
      &packet, header: place.header, count: place.count, trailer: word,
      nonce: salt.galoisCounterMode(ssrc: place.ssrc, index: place.index))
    BigEndian.write(word, to: &packet, at: end)
  }

  /// - Parameter word: the index word behind the tag.
  func open(rtcp packet: inout MutableSpan<UInt8>, _ place: SRTPPlace, word: UInt32) throws(SRTPError) {
    try cipher.open(
      &packet, header: place.header, count: place.count, trailer: word,
      nonce: salt.galoisCounterMode(ssrc: place.ssrc, index: place.index))
  }
}
