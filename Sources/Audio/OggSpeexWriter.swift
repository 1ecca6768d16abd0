import Primitives

/// Writes a file of Speex in Ogg without a file: pages of at most a second.
package struct OggSpeexWriter: Sendable {
  /// The largest packet that is taken, in octets.
  package static let maximumPacket = OggPageWriter.maximumPacket

  package let header: OggSpeexHeader
  /// Samples by which the encoder is late.
  private let lookahead: Int64
  private var pages: OggPageWriter
  /// Packets so far, and with the last complete page.
  private var count: Int64 = 0
  private var flushed: Int64 = 0

  /// `serial` distinguishes streams; any number does. `lookahead` in samples of the header's rate: readers throw as many
  /// away.
  package init(_ header: OggSpeexHeader, lookahead: Int = 0, serial: UInt32) {
    self.header = header
    self.lookahead = Int64(min(max(lookahead, 0), header.packetSamples))
    pages = OggPageWriter(serial: serial)
  }

  /// The two header pages.
  package mutating func start(vendor: String = "trialogue", tags: [(String, String)] = []) -> [UInt8] {
    var comment = ByteWriter(capacity: 64)
    OggComments.write(vendor: vendor, tags, to: &comment)
    return pages.header(header.encode(), flags: 2) + pages.header(comment.bytes, flags: 0)
  }

  /// Takes one packet and returns the page that was complete before it, or nothing. A packet that is too large is replaced
  /// by an empty one, which a decoder conceals.
  package mutating func append(_ packet: Span<UInt8>) -> [UInt8] {
    let size = packet.count <= Self.maximumPacket ? packet.count : 0
    var page: [UInt8] = []
    // The first packet has a page of its own: by that page's position readers know the delay even of a short file.
    let isFull = (count - flushed) * Int64(header.packetSamples) >= Int64(header.sampleRate)
    if !pages.isEmpty, isFull || count == 1 || !pages.hasRoom(for: size) { page = flush() }
    pages.append(packet.extracting(0..<size))
    count += 1
    return page
  }

  /// The last page; nothing may follow. The file is heard for `playedSamples`, or for all that the packets have.
  package mutating func finish(playedSamples: Int64? = nil) -> [UInt8] {
    pages.page(flags: 4, granule: min(max(playedSamples ?? position, 0), position))
  }

  private var position: Int64 { max(count * Int64(header.packetSamples) - lookahead, 0) }

  private mutating func flush() -> [UInt8] {
    flushed = count
    return pages.page(flags: 0, granule: position)
  }
}
