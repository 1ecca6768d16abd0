/// AES counter mode and HMAC-SHA1 on RTP and RTCP packets; RFC 3711, sections 3.1, 3.4 and 4.
///
/// ```
///       +--------------------------------+----------------------+-------+
/// SRTP  | header, contributors, extension| payload and padding  |  tag  |  the tag covers also the roll-over counter
///       +--------------------------------+----------------------+-------+
///       +--------------------------------+----------------------+-+---------+-------+
/// SRTCP | header and SSRC                | rest of the compound |E|  index  |  tag  |
///       +--------------------------------+----------------------+-+---------+-------+
///                                        |<---- encrypted ----->|
/// ```
/// Everything but the tag is authenticated, and checked before anything is decrypted.
struct CounterTransform: ~Copyable {
  private let cipher: AESCounter
  private let hmac: HMACSHA1
  private let salt: SRTPNonce

  /// With session keys and a session salt.
  init(key: [UInt8], authentication: [UInt8], salt: [UInt8]) throws(SRTPError) {
    let hmac = try HMACSHA1(key: authentication)
    let cipher = try AESCounter(key: key)
    self.hmac = hmac
    self.cipher = cipher
    self.salt = SRTPNonce(salt)
  }

  /// - Parameter tag: octets of the tag that is written behind the packet.
  func seal(rtp packet: inout MutableSpan<UInt8>, _ place: SRTPPlace, tag: Int) throws(SRTPError) {
    guard place.count &+ tag <= packet.count else { throw .noRoom }
    try encrypt(&packet, place)
    let code = hmac.code(of: packet.span, count: place.count, trailer: place.rollOverCounter)
    try Self.write(code, tag, to: &packet, at: place.count)
  }

  /// - Parameter tag: octets of the tag that stands behind the packet.
  func open(rtp packet: inout MutableSpan<UInt8>, _ place: SRTPPlace, tag: Int) throws(SRTPError) {
    let code = hmac.code(of: packet.span, count: place.count, trailer: place.rollOverCounter)
    try Self.check(code, tag, in: packet.span, at: place.count)
    try encrypt(&packet, place)
  }

  func seal(rtcp packet: inout MutableSpan<UInt8>, _ place: SRTPPlace, word: UInt32, tag: Int) throws(SRTPError) {
    let end = place.count &+ 4
    guard end &+ tag <= packet.count else { throw .noRoom }
    try encrypt(&packet, place)
    BigEndian.write(word, to: &packet, at: place.count)
    let code = hmac.code(of: packet.span, count: end, trailer: nil)
    try Self.write(code, tag, to: &packet, at: end)
  }

  /// The index word stands behind the packet, the tag behind that.
  func open(rtcp packet: inout MutableSpan<UInt8>, _ place: SRTPPlace, tag: Int) throws(SRTPError) {
    let end = place.count &+ 4
    let code = hmac.code(of: packet.span, count: end, trailer: nil)
    try Self.check(code, tag, in: packet.span, at: end)
    try encrypt(&packet, place)
  }

  /// The same for both ways.
  private func encrypt(_ packet: inout MutableSpan<UInt8>, _ place: SRTPPlace) throws(SRTPError) {
    try cipher.apply(
      to: &packet, from: place.header, to: place.count, nonce: salt.counterMode(ssrc: place.ssrc, index: place.index))
  }

  /// The first `tag` octets of a code.
  private static func write(
    _ code: InlineArray<20, UInt8>?, _ tag: Int, to packet: inout MutableSpan<UInt8>, at start: Int
  ) throws(SRTPError) {
    guard let code else { throw .library }
    guard start >= 0, tag <= 20, start &+ tag <= packet.count else { throw .noRoom }
    for place in 0..<tag { packet[start &+ place] = code[place] }
  }

  /// Takes as long for a wrong tag as for a right one.
  private static func check(
    _ code: InlineArray<20, UInt8>?, _ tag: Int, in packet: Span<UInt8>, at start: Int
  ) throws(SRTPError) {
    guard let code, start >= 0, tag <= 20, start &+ tag <= packet.count else { throw .tooShort }
    var difference: UInt8 = 0
    for place in 0..<tag { difference |= packet[start &+ place] ^ code[place] }
    guard difference == 0 else { throw .authentication }
  }
}
