/// One direction of one SRTP session: all sources that share a master key; RFC 3711 and RFC 7714.
///
/// Works in place and takes no memory per packet, except for a source that is new. A packet that is refused leaves all
/// state as it was; its own octets are of no use any more if it was refused for its tag.
package struct SRTPContext: ~Copyable {
  /// Sources remembered at most. When receiving, the one that was silent for the most packets gives way: should it come
  /// back, it starts anew, so that its latest 128 packets could be played to us again. When sending, a further one is
  /// refused: a source that starts anew would use up key stream twice.
  package static let maximumSources = 64
  /// Octets of the longest packet, tag included.
  package static let maximumPacketCount = 65_535

  package let profile: SRTPProfile
  package let direction: SRTPDirection
  /// Sources that gave way to others.
  package private(set) var evictedSources = 0
  let rtp: SRTPTransform
  let rtcp: SRTPTransform
  private(set) var sources: [SRTPSource] = []
  /// Where the last source was found.
  private var latest = 0
  private var uses: UInt64 = 0

  /// - Throws: `library` if the keys are another profile's or OpenSSL refuses.
  package init(profile: SRTPProfile, keys: SRTPKeys, direction: SRTPDirection) throws(SRTPError) {
    guard keys.fit(profile) else { throw .library }
    let derivation = try SRTPKeyDerivation(keys)
    let rtp = try SRTPTransform.rtp(profile, derivation)
    let rtcp = try SRTPTransform.rtcp(profile, derivation)
    self.profile = profile
    self.direction = direction
    self.rtp = rtp
    self.rtcp = rtcp
  }

  /// Sources remembered now.
  package var sourceCount: Int { sources.count }

  /// Protects the RTP packet in the first `count` octets; behind it there must be room for `profile.rtpTagCount` more.
  /// - Returns: octets of the protected packet.
  package mutating func protect(rtp packet: inout MutableSpan<UInt8>, count: Int) throws(SRTPError) -> Int {
    guard direction == .outgoing else { throw .direction }
    let header = try Self.rtpHeaderCount(packet.span, count: count)
    let tag = profile.rtpTagCount
    guard count &+ tag <= min(packet.count, Self.maximumPacketCount) else { throw .noRoom }
    let ssrc = BigEndian.uint32(packet.span, 8)
    let found = find(ssrc)
    var source = found.map { sources[$0] } ?? SRTPSource(ssrc: ssrc)
    let index = source.index(of: BigEndian.uint16(packet.span, 2))
    guard index < SRTPSource.rtpLimit else { throw .keyExhausted }
    guard found != nil || sources.count < Self.maximumSources else { throw .tooManySources }
    try source.rtp.check(index)
    try rtp.seal(rtp: &packet, SRTPPlace(ssrc: ssrc, index: index, header: header, count: count), tag: tag)
    source.rtp.record(index)
    store(source, at: found)
    return count &+ tag
  }

  /// Checks and decrypts the RTP packet in the first `count` octets.
  /// - Returns: octets of the packet without its tag.
  package mutating func unprotect(rtp packet: inout MutableSpan<UInt8>, count: Int) throws(SRTPError) -> Int {
    guard direction == .incoming else { throw .direction }
    guard count <= min(packet.count, Self.maximumPacketCount) else { throw .tooLong }
    let tag = profile.rtpTagCount
    let plain = count &- tag
    let header = try Self.rtpHeaderCount(packet.span, count: plain)
    let ssrc = BigEndian.uint32(packet.span, 8)
    let found = find(ssrc)
    var source = found.map { sources[$0] } ?? SRTPSource(ssrc: ssrc)
    let index = source.index(of: BigEndian.uint16(packet.span, 2))
    guard index < SRTPSource.rtpLimit else { throw .keyExhausted }
    try source.rtp.check(index)
    try rtp.open(rtp: &packet, SRTPPlace(ssrc: ssrc, index: index, header: header, count: plain), tag: tag)
    source.rtp.record(index)
    store(source, at: found)
    return plain
  }

  /// Protects the compound RTCP packet in the first `count` octets; behind it there must be room for
  /// `profile.rtcpOverhead` more.
  /// - Returns: octets of the protected packet.
  package mutating func protect(rtcp packet: inout MutableSpan<UInt8>, count: Int) throws(SRTPError) -> Int {
    guard direction == .outgoing else { throw .direction }
    try Self.checkRTCP(packet.span, count: count)
    let longer = count &+ profile.rtcpOverhead
    guard longer <= min(packet.count, Self.maximumPacketCount) else { throw .noRoom }
    let ssrc = BigEndian.uint32(packet.span, 4)
    let found = find(ssrc)
    var source = found.map { sources[$0] } ?? SRTPSource(ssrc: ssrc)
    guard source.nextRTCP < SRTPSource.rtcpLimit else { throw .keyExhausted }
    guard found != nil || sources.count < Self.maximumSources else { throw .tooManySources }
    let place = SRTPPlace(
      ssrc: ssrc, index: source.nextRTCP, header: SRTPTransform.rtcpHeaderCount, count: count)
    try rtcp.seal(rtcp: &packet, place, tag: profile.rtcpTagCount)
    source.nextRTCP &+= 1
    store(source, at: found)
    return longer
  }

  /// Checks and decrypts the RTCP packet in the first `count` octets. One that is authentic but was sent in the clear
  /// (its E bit is 0) is let in as well: RFC 3711, section 3.4, leaves that to the sender.
  /// - Returns: octets of the compound packet without tag and index word.
  package mutating func unprotect(rtcp packet: inout MutableSpan<UInt8>, count: Int) throws(SRTPError) -> Int {
    guard direction == .incoming else { throw .direction }
    guard count <= min(packet.count, Self.maximumPacketCount) else { throw .tooLong }
    let tag = profile.rtcpTagCount
    let plain = count &- profile.rtcpOverhead
    try Self.checkRTCP(packet.span, count: plain)
    let word = BigEndian.uint32(packet.span, rtcp.wordOffset(count: count, tag: tag))
    let ssrc = BigEndian.uint32(packet.span, 4)
    let found = find(ssrc)
    var source = found.map { sources[$0] } ?? SRTPSource(ssrc: ssrc)
    let place = SRTPPlace(
      ssrc: ssrc, index: UInt64(word & ~SRTPTransform.encryptedBit), header: SRTPTransform.rtcpHeaderCount,
      count: plain)
    try source.rtcp.check(place.index)
    try rtcp.open(rtcp: &packet, place, word: word, tag: tag)
    source.rtcp.record(place.index)
    store(source, at: found)
    return plain
  }

  /// Octets of header, contributors and extension of the RTP packet in the first `count` octets; RFC 3550, section 5.1.
  private static func rtpHeaderCount(_ packet: Span<UInt8>, count: Int) throws(SRTPError) -> Int {
    guard count <= packet.count else { throw .tooLong }
    guard count >= 12 else { throw .tooShort }
    guard packet[0] >> 6 == 2 else { throw .version }
    var header = 12 &+ Int(packet[0] & 0x0F) &* 4
    if packet[0] & 0x10 != 0 {
      guard header &+ 4 <= count else { throw .tooShort }
      header &+= 4 &+ Int(BigEndian.uint16(packet, header &+ 2)) &* 4
    }
    guard header <= count else { throw .tooShort }
    return header
  }

  private static func checkRTCP(_ packet: Span<UInt8>, count: Int) throws(SRTPError) {
    guard count <= packet.count else { throw .tooLong }
    guard count >= SRTPTransform.rtcpHeaderCount else { throw .tooShort }
    guard packet[0] >> 6 == 2 else { throw .version }
  }

  private mutating func find(_ ssrc: UInt32) -> Int? {
    if latest < sources.count, sources[latest].ssrc == ssrc { return latest }
    guard let place = sources.firstIndex(where: { $0.ssrc == ssrc }) else { return nil }
    latest = place
    return place
  }

  /// Keeps what became of a source after a packet of its was good.
  private mutating func store(_ source: SRTPSource, at found: Int?) {
    uses &+= 1
    var source = source
    source.lastUse = uses
    if let found {
      sources[found] = source
    } else if sources.count < Self.maximumSources {
      sources.append(source)
    } else if let silent = sources.indices.min(by: { sources[$0].lastUse < sources[$1].lastUse }) {
      sources[silent] = source
      evictedSources &+= 1
    }
  }
}
