import Primitives

/// Writes an Ogg Opus file without a file, RFC 7845: pages of at most 200 ms, so that a crash costs no more than that.
package struct OggOpusWriter: Sendable {
  /// The longest page, in samples at 48 kHz.
  static let longestPage = 9_600
  /// The largest packet that is taken, in octets: more than an Opus packet of 120 ms can have.
  package static let maximumPacket = 15_000
  static let maximumTags = 60_000

  private let serial: UInt32
  private var number: UInt32 = 0
  /// Samples at 48 kHz with the last complete page, and with the page that is being filled.
  private var flushed: Int64 = 0
  private var total: Int64 = 0
  private var lacing: [UInt8] = []
  private var body: [UInt8] = []

  /// `serial` distinguishes streams; any number does.
  package init(serial: UInt32) { self.serial = serial }

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
    write(Array(vendor.utf8.prefix(1_024)), to: &comment)
    var lines: [[UInt8]] = []
    var size = 0
    for (name, value) in tags {
      let line = Array("\(name)=\(value)".utf8)
      size += line.count + 4
      if size <= Self.maximumTags { lines.append(line) }
    }
    comment.writeLittleEndian(UInt32(clamping: lines.count))
    for line in lines { write(line, to: &comment) }
    return header(head.bytes, flags: 2) + header(comment.bytes, flags: 0)
  }

  /// Takes one packet of `samples` (at 48 kHz) and returns the page that it completed, or nothing. Packets that are empty
  /// or too large are left out, but their time counts.
  package mutating func append(_ packet: Span<UInt8>, samples: Int) -> [UInt8] {
    var page: [UInt8] = []
    let needed = packet.count / 255 + 1
    let duration = Int64(max(samples, 0))
    if !lacing.isEmpty, total &+ duration &- flushed > Self.longestPage || lacing.count + needed > 255 {
      page = flush()
    }
    total &+= duration
    guard packet.count > 0, packet.count <= Self.maximumPacket else { return page }
    for _ in 0..<(packet.count / 255) { lacing.append(255) }
    lacing.append(UInt8(packet.count % 255))
    for index in 0..<packet.count { body.append(packet[index]) }
    return page
  }

  /// The page that is being filled, as it is.
  package mutating func flush() -> [UInt8] { lacing.isEmpty ? [] : page(flags: 0) }

  /// The last page. Nothing may follow.
  package mutating func finish() -> [UInt8] { page(flags: 4) }

  private mutating func page(flags: UInt8) -> [UInt8] {
    let bytes = OggPage.encode(
      flags: flags, granule: total, serial: serial, number: number, lacing: lacing, body: body)
    number &+= 1
    flushed = total
    lacing.removeAll(keepingCapacity: true)
    body.removeAll(keepingCapacity: true)
    return bytes
  }

  private mutating func header(_ packet: [UInt8], flags: UInt8) -> [UInt8] {
    var lacing = Array(repeating: UInt8(255), count: packet.count / 255)
    lacing.append(UInt8(packet.count % 255))
    let bytes = OggPage.encode(flags: flags, granule: 0, serial: serial, number: number, lacing: lacing, body: packet)
    number &+= 1
    return bytes
  }

  private func write(_ text: [UInt8], to writer: inout ByteWriter) {
    writer.writeLittleEndian(UInt32(clamping: text.count))
    writer.write(text)
  }
}
