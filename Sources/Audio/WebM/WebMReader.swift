/// Reads a WebM file that `WebMWriter` made, or the beginning of one, also if it is torn.
package struct WebMReader: Sendable {
  package static let maximumFile = 512 << 20
  package static let maximumBlocks = 4_000_000

  package let tracks: WebMTracks
  /// Milliseconds, as the head says.
  package let duration: Double
  /// The blocks that are whole, in the order of the file.
  package private(set) var blocks: [WebMBlock] = []
  /// Times, in milliseconds, and positions of the clusters where one may begin to look.
  package private(set) var cues: [(time: Int64, position: Int)] = []
  /// The file was closed, and all of it is here.
  package private(set) var isClosed = false
  /// Octets behind the last whole element.
  package private(set) var damage = 0

  package init(_ octets: [UInt8]) throws(AudioFileError) {
    guard octets.count <= Self.maximumFile else {
      throw AudioFileError(.tooLarge("A file has at most \(Self.maximumFile) octets."), at: Self.maximumFile)
    }
    let span = octets.span
    guard EBMLElement.parse(span, at: 0)?.id == MatroskaID.ebml else { throw AudioFileError(.notA("WebM"), at: 0) }
    guard let head = WebMHead(span) else {
      throw AudioFileError(.badHeader("This is no WebM file of this server."), at: 0)
    }
    tracks = head.tracks
    duration = head.duration
    isClosed = head.segmentSize == octets.count - head.segmentStart
    var place = head.count
    while let element = EBMLElement.parse(span, at: place) {
      let body = element.body(within: octets.count)
      switch element.id {
      case MatroskaID.cluster:
        let known = body ?? element.bodyStart..<octets.count
        guard let cluster = WebMCluster(span, body: known) else {
          damage = octets.count - place
          return
        }
        guard blocks.count + cluster.blocks.count <= Self.maximumBlocks else {
          throw AudioFileError(.tooLarge("A file has at most \(Self.maximumBlocks) frames."), at: place)
        }
        blocks += cluster.blocks
        guard let body else {
          damage = octets.count - cluster.end
          return
        }
        if cluster.end < body.upperBound { damage += body.upperBound - cluster.end }
      case MatroskaID.cues: if let body { readCues(span, body, segmentStart: head.segmentStart) }
      default: break
      }
      guard let body else { break }
      place = body.upperBound
    }
    damage += octets.count - place
  }

  private mutating func readCues(_ octets: Span<UInt8>, _ body: Range<Int>, segmentStart: Int) {
    var place = body.lowerBound
    while cues.count < WebMCues.maximum, let point = EBMLElement.parse(octets, at: place),
      let inner = point.body(within: body.upperBound)
    {
      if point.id == MatroskaID.cuePoint, let cue = Self.cue(octets, inner) {
        cues.append((cue.time, segmentStart &+ cue.position))
      }
      place = inner.upperBound
    }
  }

  private static func cue(_ octets: Span<UInt8>, _ body: Range<Int>) -> (time: Int64, position: Int)? {
    guard let time = EBMLElement.parse(octets, at: body.lowerBound), time.id == MatroskaID.cueTime,
      let timeBody = time.body(within: body.upperBound), let milliseconds = EBMLElement.number(octets, timeBody),
      let positions = EBMLElement.parse(octets, at: timeBody.upperBound),
      positions.id == MatroskaID.cueTrackPositions, let inner = positions.body(within: body.upperBound)
    else { return nil }
    var place = inner.lowerBound
    while let element = EBMLElement.parse(octets, at: place), let value = element.body(within: inner.upperBound) {
      if element.id == MatroskaID.cueClusterPosition, let position = EBMLElement.number(octets, value) {
        return (Int64(clamping: milliseconds), Int(clamping: position))
      }
      place = value.upperBound
    }
    return nil
  }
}
