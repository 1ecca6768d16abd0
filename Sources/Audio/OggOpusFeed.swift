/// Takes the packets out of an Ogg Opus file (RFC 7845) that comes piece by piece: a file of any length needs little memory.
///
/// Damaged pages are passed over, like in `OggOpusReader`; their packets are missing.
package struct OggOpusFeed: Sendable {
  /// Channels as coded, 1 or 2; known with the first packet.
  package private(set) var channels = 1
  /// Samples at 48 kHz to throw away at the start; known with the first packet.
  package private(set) var preSkip = 0

  /// Hertz of the original, for information; 0 if unknown.
  package private(set) var inputRate = 0
  /// To be applied after decoding, in 1/256 dB.
  package private(set) var outputGain = 0
  /// The granule position behind the packet that was taken last, in samples at 48 kHz, where a page ends with it and
  /// says one.
  package private(set) var position: Int64?
  /// Why the file cannot be read, or not further.
  package private(set) var problem: AudioFileError?

  private var feed = OggPacketFeed()
  private var headers = 0

  package init() {}

  /// The two headers have come.
  package var isBegun: Bool { headers >= 2 }
  /// The stream's end was written: `granule` is its last position.
  package var isEnded: Bool { feed.isEnded }
  /// The position that the page taken last says; −1 before.
  package var granule: Int64 { feed.granule }
  /// Octets passed over because no valid page was there.
  package var damage: Int { feed.damage }

  /// The next octets of the file. Take all packets before the next piece.
  package mutating func append(_ octets: [UInt8], isLast: Bool) { feed.append(octets, isLast: isLast) }

  /// The next packet of audio; nil if more octets are needed, or at the end: also where nothing but damage follows.
  package mutating func nextPacket() -> [UInt8]? {
    while let packet = take() {
      if headers >= 2 {
        position = packet.index + 1 == packet.count && packet.granule >= 0 ? packet.granule : nil
        return packet.bytes
      }
      if headers == 0, packet.bytes.count >= 12 { readHead(packet) }
      headers += 1
    }
    if headers < 2, feed.isAtEnd, problem == nil {
      problem = AudioFileError(.missing(headers == 0 ? "Opus stream" : "comment header"), at: feed.offset)
    }
    return nil
  }

  private mutating func take() -> OggPacket? {
    do { return try feed.nextPacket() } catch {
      problem = error
      return nil
    }
  }

  /// RFC 7845, section 5.1.
  private mutating func readHead(_ packet: OggPacket) {
    let bytes = packet.bytes
    channels = min(max(Int(bytes[9]), 1), 2)
    preSkip = Int(bytes[10]) | Int(bytes[11]) << 8
    guard bytes.count >= 19 else {
      problem = AudioFileError(.badHeader("The identification header is cut short."), at: packet.offset)
      return
    }
    inputRate = Int(bytes[12]) | Int(bytes[13]) << 8 | Int(bytes[14]) << 16 | Int(bytes[15]) << 24
    outputGain = Int(Int16(bitPattern: UInt16(bytes[16]) | UInt16(bytes[17]) << 8))
    if bytes[8] & 0xF0 != 0 {
      problem = AudioFileError(.badHeader("Version \(bytes[8]) is not known."), at: packet.offset)
    } else if bytes[18] > 1 || !(1...2).contains(bytes[9]) {
      problem = AudioFileError(.badHeader("A file of \(bytes[9]) channels is not played."), at: packet.offset)
    }
  }
}
