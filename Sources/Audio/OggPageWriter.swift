/// Packs the packets of one stream into Ogg pages (RFC 3533); no packet goes on over a page.
struct OggPageWriter: Sendable {
  /// Octets of a packet that fits into a page.
  static let maximumPacket = 15_000

  private let serial: UInt32
  private var number: UInt32 = 0
  private var lacing: [UInt8] = []
  private var body: [UInt8] = []

  init(serial: UInt32) { self.serial = serial }

  /// No packet waits for its page.
  var isEmpty: Bool { lacing.isEmpty }

  /// Whether the page that is being filled has room for a packet.
  func hasRoom(for count: Int) -> Bool { lacing.count + count / 255 + 1 <= 255 }

  /// Puts a packet on the page that is being filled. Ask for room first.
  mutating func append(_ packet: Span<UInt8>) {
    for _ in 0..<(packet.count / 255) { lacing.append(255) }
    lacing.append(UInt8(packet.count % 255))
    for index in 0..<packet.count { body.append(packet[index]) }
  }

  /// The page that is being filled, as it is.
  mutating func page(flags: UInt8, granule: Int64) -> [UInt8] {
    let bytes = OggPage.encode(
      flags: flags, granule: granule, serial: serial, number: number, lacing: lacing, body: body)
    number &+= 1
    lacing.removeAll(keepingCapacity: true)
    body.removeAll(keepingCapacity: true)
    return bytes
  }

  /// A page of its own for a header packet.
  mutating func header(_ packet: [UInt8], flags: UInt8) -> [UInt8] {
    append(packet.span)
    return page(flags: flags, granule: 0)
  }
}
