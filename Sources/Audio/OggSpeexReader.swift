/// Takes the packets out of a file of Speex in Ogg that comes piece by piece; `OggSpeexHeader` shows its first packet, the
/// second are comments. A granule position counts samples of the header's rate that are heard.
///
/// The first page counts fewer samples than its packets have: the difference is the encoder's delay. Damaged pages are
/// passed over; their packets are missing.
package struct OggSpeexReader: Sendable {
  /// Nil as long as it has not come.
  package private(set) var header: OggSpeexHeader?
  /// `NAME=value`.
  package private(set) var tags: [String] = []
  /// Samples to throw away at the start, besides the delay of the decoder itself; known with the first packet.
  package private(set) var preSkip = 0
  private var feed = OggPacketFeed(signature: OggSpeexHeader.signature)
  /// Comments and extra headers that have come.
  private var passed = 0
  /// The granule position before the first packet, of a piece cut out of a stream.
  private var origin: Int64?

  package init() {}

  /// Samples that are heard up to the end of the last packet's page, those to throw away not counted: with the stream's last
  /// packet, of the whole file. Nil if the file does not tell.
  package var playedSamples: Int64? { origin.map { max(feed.granule &- $0, 0) } }
  /// The stream's end was written.
  package var isEnded: Bool { feed.isEnded }
  /// Octets passed over because no valid page was there.
  package var damage: Int { feed.damage }

  /// The next octets of the file. Take all packets before the next piece.
  package mutating func append(_ octets: [UInt8], isLast: Bool) { feed.append(octets, isLast: isLast) }

  /// The next packet of audio, of `header.framesPerPacket` frames; nil if more octets are needed, or at the end.
  package mutating func nextPacket() throws(AudioFileError) -> [UInt8]? {
    guard let isOgg = feed.isOgg else { return nil }
    guard isOgg else { throw AudioFileError(.notA("Ogg"), at: 0) }
    while let packet = try feed.nextPacket() {
      guard let header else {
        header = try OggSpeexHeader(packet)
        continue
      }
      guard passed > header.extraHeaders else {
        if passed == 0 { tags = OggComments.parse(packet.bytes, behind: 0) ?? [] }
        passed += 1
        continue
      }
      if origin == nil { measure(packet, header) }
      return packet.bytes
    }
    if header == nil, feed.isAtEnd { throw AudioFileError(.missing("Speex stream"), at: feed.offset) }
    return nil
  }

  /// Takes the delay from the first page of audio.
  private mutating func measure(_ packet: OggPacket, _ header: OggSpeexHeader) {
    guard packet.granule >= 0 else { return }
    let samples = Int64(packet.count * header.packetSamples)
    // On a page that is first and last, what is too much is cut off at its end.
    if !packet.isLastPage { preSkip = Int(max(samples - packet.granule, 0)) }
    origin = max(packet.granule - samples, 0)
  }
}
