/// Takes the frames out of a file of iLBC (RFC 3952, section 5) that comes piece by piece.
/// ```
/// "#!iLBC20\n" or "#!iLBC30\n", then frames of 38 octets (20 ms) or 50 octets (30 ms), each as in an RTP payload
/// ```
package struct ILBCFileReader: Sendable {
  static let magicCount = 9

  /// Milliseconds of a frame, 20 or 30; nil as long as the first octets have not come.
  package private(set) var frameTime: Int?
  private var pieces = FilePieces()

  package init() {}

  /// Octets of a frame of 20 or 30 ms.
  package static func frameCount(_ frameTime: Int) -> Int { frameTime == 30 ? 50 : 38 }

  static func magic(_ frameTime: Int) -> [UInt8] { Array("#!iLBC\(frameTime == 30 ? 30 : 20)\n".utf8) }

  /// The next octets of the file. Take all frames before the next piece.
  package mutating func append(_ octets: [UInt8], isLast: Bool) { pieces.append(octets, isLast: isLast) }

  /// The next frame; nil if more octets are needed, or at the end. It throws behind the last whole frame of a torn file.
  package mutating func nextFrame() throws(AudioFileError) -> [UInt8]? {
    if frameTime == nil { try readMagic() }
    guard let frameTime else { return nil }
    if let frame = pieces.take(Self.frameCount(frameTime)) { return frame }
    if pieces.isLast, pieces.available > 0 { throw AudioFileError(.cutShort("a frame"), at: pieces.offset) }
    return nil
  }

  private mutating func readMagic() throws(AudioFileError) {
    guard let magic = pieces.peek(Self.magicCount) else {
      if pieces.isLast { throw AudioFileError(.notA("iLBC"), at: 0) }
      return
    }
    guard let time = [20, 30].first(where: { magic == Self.magic($0) }) else {
      throw AudioFileError(.notA("iLBC"), at: 0)
    }
    _ = pieces.skip(Self.magicCount)
    frameTime = time
  }
}
