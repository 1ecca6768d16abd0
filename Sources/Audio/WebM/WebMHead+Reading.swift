import Primitives

extension WebMHead {
  /// Elements of the Segment before its first cluster that are looked at.
  private static let maximumElements = 16

  /// Reads the head out of a file's first octets; nil if it is not one that we make.
  init?(_ octets: Span<UInt8>) {
    guard let ebml = EBMLElement.parse(octets, at: 0), ebml.id == MatroskaID.ebml,
      let header = ebml.body(within: octets.count),
      let segment = EBMLElement.parse(octets, at: header.upperBound), segment.id == MatroskaID.segment,
      segment.bodyStart == header.upperBound + 4 + ByteWriter.wideSize
    else { return nil }
    self.init(tracks: WebMTracks())
    segmentStart = segment.bodyStart
    segmentSize = segment.size
    var place = segmentStart
    for _ in 0..<Self.maximumElements {
      guard let element = EBMLElement.parse(octets, at: place), let body = element.body(within: octets.count) else {
        break
      }
      switch element.id {
      case MatroskaID.info:
        infoStart = place
        readInfo(octets, body)
      case MatroskaID.tracks:
        tracksStart = place
        guard let found = WebMTracks(octets, body) else { return nil }
        tracks = found
        count = body.upperBound
      case MatroskaID.seekHead, MatroskaID.void: break
      default: return nil
      }
      place = body.upperBound
      if count > 0 { break }
    }
    guard count > 0, durationStart > 0, infoStart == segmentStart + Self.seekRoom else { return nil }
  }

  private mutating func readInfo(_ octets: Span<UInt8>, _ body: Range<Int>) {
    var place = body.lowerBound
    while let element = EBMLElement.parse(octets, at: place), let inner = element.body(within: body.upperBound) {
      if element.id == MatroskaID.duration, inner.count == 8, let value = EBMLElement.float(octets, inner) {
        durationStart = inner.lowerBound
        duration = value
      }
      place = inner.upperBound
    }
  }
}
