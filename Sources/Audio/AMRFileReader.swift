/// Takes the frames out of a file of AMR or AMR-WB (RFC 4867, section 5) that comes piece by piece.
/// ```
/// "#!AMR\n" or "#!AMR-WB\n";  or  "#!AMR_MC1.0\n" or "#!AMR-WB_MC1.0\n", then 28 bits reserved, channels (4)
/// each frame: P  frame type (4)  quality  P P, then its octets by type; the channels take turns
/// ```
package struct AMRFileReader: Sendable {
  private struct Header {
    var band: AMRFileBand
    var channels: Int
  }
  /// The longest of the first octets.
  private static let longestMagic = 15

  private var header: Header?
  private var pieces = FilePieces()

  package init() {}

  /// Nil as long as the first octets have not come.
  package var band: AMRFileBand? { header?.band }

  /// 1 … 6.
  package var channels: Int { header?.channels ?? 1 }

  /// The next octets of the file. Take all frames before the next piece.
  package mutating func append(_ octets: [UInt8], isLast: Bool) { pieces.append(octets, isLast: isLast) }

  /// The next frame with its header octet; nil if more octets are needed, or at the end. It throws where a frame has a
  /// type that does not exist, and behind the last whole frame of a torn file.
  package mutating func nextFrame() throws(AudioFileError) -> [UInt8]? {
    if header == nil { try readHeader() }
    guard let header, let first = pieces.peek(1)?.first else { return nil }
    let type = AMRFileBand.frameType(first)
    guard let count = header.band.frameCount(ofType: type) else {
      throw AudioFileError(.badFrame(type: type), at: pieces.offset)
    }
    if let frame = pieces.take(count) { return frame }
    if pieces.isLast { throw AudioFileError(.cutShort("a frame"), at: pieces.offset) }
    return nil
  }

  private mutating func readHeader() throws(AudioFileError) {
    let start = pieces.peek(min(pieces.available, Self.longestMagic)) ?? []
    for band in AMRFileBand.allCases {
      if start.starts(with: band.magic) {
        _ = pieces.skip(band.magic.count)
        header = Header(band: band, channels: 1)
        return
      }
      guard start.starts(with: band.magicOfMany) else { continue }
      guard let whole = pieces.peek(band.magicOfMany.count + 4), let last = whole.last else {
        if pieces.isLast { throw AudioFileError(.cutShort("its header"), at: pieces.offset + pieces.available) }
        return
      }
      let channels = Int(last & 15)
      guard (1...6).contains(channels) else {
        throw AudioFileError(.badHeader("A file of \(channels) channels does not exist."), at: whole.count - 1)
      }
      _ = pieces.skip(whole.count)
      header = Header(band: band, channels: channels)
      return
    }
    if pieces.isLast || start.count >= Self.longestMagic { throw AudioFileError(.notA("AMR"), at: 0) }
  }
}
