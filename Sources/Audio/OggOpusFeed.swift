import Primitives

/// Takes the packets out of an Ogg Opus file (RFC 7845) that comes piece by piece: a file of any length needs little memory.
///
/// Damaged pages are passed over, like in `OggOpusReader`; their packets are missing.
package struct OggOpusFeed: Sendable {
  /// The longest page, RFC 3533, section 6: header, lacing values, 255 segments of 255 octets.
  static let longestPage = OggPage.headerCount + 255 + 255 * 255
  /// A packet that grows beyond this is dropped.
  static let maximumPacket = 65_536

  /// Channels as coded, 1 or 2; known with the first packet.
  package private(set) var channels = 1
  /// Samples at 48 kHz to throw away at the start; known with the first packet.
  package private(set) var preSkip = 0

  private var buffer: [UInt8] = []
  private var place = 0
  private var isLast = false
  private var packets: [[UInt8]] = []
  private var nextPacketIndex = 0
  private var open: [UInt8] = []
  private var isOpen = false
  private var headers = 0

  package init() {}

  /// The next octets of the file. Take all packets before the next piece.
  package mutating func append(_ octets: [UInt8], isLast: Bool) {
    buffer.removeFirst(place)
    place = 0
    buffer += octets
    self.isLast = isLast
  }

  /// The next packet of audio; nil if more octets are needed, or at the end.
  package mutating func nextPacket() -> [UInt8]? {
    while true {
      if nextPacketIndex < packets.count {
        defer { nextPacketIndex += 1 }
        return packets[nextPacketIndex]
      }
      packets.removeAll(keepingCapacity: true)
      nextPacketIndex = 0
      guard takePage() else { return nil }
    }
  }

  /// Takes the packets of the next page; false if there is none yet.
  private mutating func takePage() -> Bool {
    while place < buffer.count {
      if let page = OggPage.parse(buffer.span, at: place) {
        place = page.body.upperBound
        take(page)
        return true
      }
      // It may only be cut short; or there is no page here.
      guard isLast || buffer.count - place >= Self.longestPage else { return false }
      place += 1
    }
    return false
  }

  private mutating func take(_ page: OggPage) {
    if !page.isContinued || !isOpen { dropOpen() }
    var isOrphan = page.isContinued && !isOpen
    var place = page.body.lowerBound
    for index in page.lacing {
      let size = Int(buffer[index])
      if !isOrphan, open.count + size <= Self.maximumPacket {
        open += buffer[place..<place + size]
        isOpen = true
      }
      place += size
      if size < 255 {
        if !isOrphan { finishPacket() }
        isOrphan = false
      }
    }
  }

  private mutating func dropOpen() {
    open.removeAll(keepingCapacity: true)
    isOpen = false
  }

  private mutating func finishPacket() {
    if headers == 0, open.count >= 12 {
      // RFC 7845, section 5.1.
      channels = min(max(Int(open[9]), 1), 2)
      preSkip = Int(open[10]) | Int(open[11]) << 8
    }
    if headers >= 2 { packets.append(open) } else { headers += 1 }
    dropOpen()
  }
}
