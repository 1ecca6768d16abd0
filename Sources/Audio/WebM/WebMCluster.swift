/// A cluster's blocks, as far as they are whole; RFC 9559, section 5.1.3.
struct WebMCluster: Sendable {
  var time: Int64
  var blocks: [WebMBlock] = []
  /// Behind the last whole element.
  var end: Int

  /// Octets that hold a cluster's head and that of its first block.
  static let peek = 64

  /// - Parameter body: where its elements stand; `octets` may end before.
  /// - Parameter limit: blocks that are looked at.
  init?(_ octets: Span<UInt8>, body: Range<Int>, limit: Int = .max) {
    let bound = min(body.upperBound, octets.count)
    guard let first = EBMLElement.parse(octets, at: body.lowerBound), first.id == MatroskaID.timestamp,
      let inner = first.body(within: bound), let time = EBMLElement.number(octets, inner)
    else { return nil }
    // Further away than any recording: a broken one must not make sums overflow.
    guard time < 1 << 48 else { return nil }
    self.time = Int64(time)
    end = inner.upperBound
    while blocks.count < limit, let element = EBMLElement.parse(octets, at: end) {
      // In a file that is being looked at the block itself may end later.
      guard let inner = element.body(within: limit == .max ? bound : .max) else { break }
      switch element.id {
      case MatroskaID.simpleBlock: add(octets, inner)
      case MatroskaID.blockGroup: addGroup(octets, inner)
      case MatroskaID.void: break
      default: return
      }
      end = inner.upperBound
    }
  }

  private mutating func addGroup(_ octets: Span<UInt8>, _ body: Range<Int>) {
    guard let block = EBMLElement.parse(octets, at: body.lowerBound), block.id == MatroskaID.block,
      let inner = block.body(within: body.upperBound)
    else { return }
    add(octets, inner)
    // Without a reference to another block it stands alone.
    if !blocks.isEmpty { blocks[blocks.count - 1].isKeyFrame = true }
  }

  private mutating func add(_ octets: Span<UInt8>, _ body: Range<Int>) {
    let start = body.lowerBound
    guard body.count > 4, start <= octets.count - 4, octets[start] & 0x80 != 0 else { return }
    let behind = Int16(bitPattern: UInt16(octets[start &+ 1]) << 8 | UInt16(octets[start &+ 2]))
    blocks.append(
      WebMBlock(
        track: octets[start] & 0x7F, time: time &+ Int64(behind), isKeyFrame: octets[start &+ 3] & 0x80 != 0,
        place: start &+ 4..<body.upperBound))
  }

  /// When the last of the blocks ends, in milliseconds. A packet of Opus counts 20 ms: as long as ours are.
  var finish: Int64 {
    var latest = time
    for block in blocks {
      latest = max(latest, block.time &+ (block.track == WebMTracks.audioNumber ? 20 : 0))
    }
    return latest
  }

  /// One may begin to look here.
  func isCue(in tracks: WebMTracks) -> Bool {
    guard let first = blocks.first, first.isKeyFrame else { return false }
    return first.track == (tracks.video == nil ? WebMTracks.audioNumber : WebMTracks.videoNumber)
  }
}
