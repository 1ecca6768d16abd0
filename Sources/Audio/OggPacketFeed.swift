/// Takes the packets of one stream out of an Ogg file (RFC 3533) that comes piece by piece: a file of any length needs
/// little memory.
///
/// Damaged pages are passed over: their packets are missing, and so is one of which only a part is there. What comes
/// behind the stream's end, or belongs to other streams, is left out.
struct OggPacketFeed: Sendable {
  /// The longest page, RFC 3533, section 6: header, lacing values, 255 segments of 255 octets.
  static let longestPage = OggPage.headerCount + 255 + 255 * 255
  /// A packet that grows beyond this is left out.
  static let maximumPacket = 65_536
  /// Places that look like a page and are none: each costs a checksum over the longest page.
  static let maximumFalsePages = 4_096

  /// How the first packet begins; if empty, the first page that comes chooses the stream.
  private let signature: [UInt8]
  private var pieces = FilePieces()
  /// Those that end on the current page.
  private var packets: [OggPacket] = []
  private var nextIndex = 0
  private var open: [UInt8] = []
  private var isOpen = false
  private var serial: UInt32?
  private var nextPage: UInt32?
  private var falsePages = 0
  /// The stream's end was written.
  private(set) var isEnded = false
  /// The last position that a page of the stream told; −1 before.
  private(set) var granule: Int64 = -1
  /// Octets passed over because no valid page was there.
  private(set) var damage = 0

  init(signature: [UInt8] = []) { self.signature = signature }

  /// Octets of the file that are behind.
  var offset: Int { pieces.offset }
  /// All that will come is taken.
  var isAtEnd: Bool { nextIndex >= packets.count && (isEnded || pieces.isAtEnd) }
  /// Whether the file begins with a page; nil as long as too little of it has come.
  var isOgg: Bool? {
    guard pieces.offset == 0, pieces.available < 4 else { return isBegun }
    return pieces.isLast ? false : nil
  }
  private var isBegun: Bool { pieces.offset > 0 || pieces.peek(4) == OggPage.captureText }

  /// The next octets of the file. Take all packets before the next piece.
  mutating func append(_ octets: [UInt8], isLast: Bool) { pieces.append(isEnded ? [] : octets, isLast: isLast) }

  /// The next packet, headers first; nil if more octets are needed, or at the end.
  mutating func nextPacket() throws(AudioFileError) -> OggPacket? {
    while true {
      if nextIndex < packets.count {
        nextIndex += 1
        return packets[nextIndex - 1]
      }
      packets.removeAll(keepingCapacity: true)
      nextIndex = 0
      guard !isEnded, try takePage() else { return nil }
    }
  }

  /// Takes the packets of the next page; false if there is none yet.
  private mutating func takePage() throws(AudioFileError) -> Bool {
    while pieces.available > 0 {
      let octets = pieces.octets
      let place = pieces.place
      if octets[place] == 0x4F {
        if let page = OggPage.parse(octets.span, at: place) {
          take(page, of: octets)
          _ = pieces.skip(page.body.upperBound - place)
          return true
        }
        // It may only be cut short; or there is no page here.
        guard pieces.isLast || pieces.available >= Self.longestPage else { return false }
        if octets[place...].starts(with: OggPage.captureText) { falsePages += 1 }
        guard falsePages <= Self.maximumFalsePages else {
          throw AudioFileError(.tooLarge("More than \(Self.maximumFalsePages) pages are damaged."), at: pieces.offset)
        }
      }
      _ = pieces.skip(1)
      damage += 1
    }
    return false
  }

  private mutating func take(_ page: OggPage, of octets: [UInt8]) {
    if serial == nil {
      guard signature.isEmpty || page.isFirst && octets[page.body].starts(with: signature) else { return }
      serial = page.serial
    }
    guard page.serial == serial else { return }
    let isGap = nextPage.map { $0 != page.number } ?? false
    nextPage = page.number &+ 1
    if isGap || !page.isContinued { dropOpen() }
    // The rest of a packet whose beginning is lost.
    var isOrphan = page.isContinued && !isOpen
    var place = page.body.lowerBound
    for lacing in page.lacing {
      let size = Int(octets[lacing])
      if !isOrphan {
        open += octets[place..<place + size]
        isOpen = true
        if open.count > Self.maximumPacket {
          dropOpen()
          isOrphan = true
        }
      }
      place += size
      if size < 255 {
        if !isOrphan { finishPacket(on: page) }
        isOrphan = false
      }
    }
    for index in packets.indices { packets[index].count = packets.count }
    if page.granule >= 0 { granule = page.granule }
    if page.isLast { isEnded = true }
  }

  private mutating func dropOpen() {
    open.removeAll(keepingCapacity: true)
    isOpen = false
  }

  private mutating func finishPacket(on page: OggPage) {
    packets.append(
      OggPacket(
        bytes: open, index: packets.count, count: 0, granule: page.granule, isLastPage: page.isLast,
        offset: pieces.offset))
    dropOpen()
  }
}
