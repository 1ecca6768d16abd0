import Primitives

/// Writes an Ogg Opus file without a file, RFC 7845: pages of at most 200 ms, so that a crash costs no more than that.
package struct OggOpusWriter: Sendable {
  /// The longest page, in samples at 48 kHz.
  static let longestPage = 9_600
  /// The largest packet that is taken, in octets: more than an Opus packet of 120 ms can have.
  package static let maximumPacket = OggPageWriter.maximumPacket

  private var pages: OggPageWriter
  /// Samples at 48 kHz with the last complete page, and with the page that is being filled.
  private var flushed: Int64 = 0
  private var total: Int64 = 0

  /// `serial` distinguishes streams; any number does.
  package init(serial: UInt32) { pages = OggPageWriter(serial: serial) }

  /// The two header pages. `preSkip` in samples at 48 kHz; `inputRate` is for information; tags are `NAME=value`.
  package mutating func start(
    preSkip: Int, inputRate: Int, channels: Int = 1, vendor: String = "trialogue", tags: [(String, String)] = []
  ) -> [UInt8] {
    var head = ByteWriter(capacity: 19)
    head.write("OpusHead")
    head.write(UInt8(1))
    head.write(UInt8(channels == 2 ? 2 : 1))
    head.writeLittleEndian(UInt16(clamping: preSkip))
    head.writeLittleEndian(UInt32(clamping: inputRate))
    head.writeLittleEndian(UInt16(0))
    head.write(UInt8(0))
    var comment = ByteWriter(capacity: 64)
    comment.write("OpusTags")
    OggComments.write(vendor: vendor, tags, to: &comment)
    return pages.header(head.bytes, flags: 2) + pages.header(comment.bytes, flags: 0)
  }

  /// Takes one packet of `samples` (at 48 kHz) and returns the page that it completed, or nothing. Packets that are empty
  /// or too large are left out, but their time counts.
  package mutating func append(_ packet: Span<UInt8>, samples: Int) -> [UInt8] {
    var page: [UInt8] = []
    let duration = Int64(max(samples, 0))
    if !pages.isEmpty, total &+ duration &- flushed > Self.longestPage || !pages.hasRoom(for: packet.count) {
      page = flush()
    }
    total &+= duration
    guard packet.count > 0, packet.count <= Self.maximumPacket else { return page }
    pages.append(packet)
    return page
  }

  /// The page that is being filled, as it is.
  package mutating func flush() -> [UInt8] { pages.isEmpty ? [] : page(flags: 0) }

  /// The last page. Nothing may follow.
  package mutating func finish() -> [UInt8] { page(flags: 4) }

  private mutating func page(flags: UInt8) -> [UInt8] {
    flushed = total
    return pages.page(flags: flags, granule: total)
  }
}
