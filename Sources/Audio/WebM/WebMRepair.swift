import Primitives

/// Mends a WebM file that lost its writer: keeps all blocks that are whole and closes the file behind them.
///
/// It holds no file: it says what it wants to read next, takes that, and in the end says what is to be done. Of each
/// cluster it reads the head, of the last one all of it, so a long file costs little.
package struct WebMRepair: Sendable {
  package enum Step: Hashable, Sendable {
    /// Octets of the file, for `take`.
    case read(offset: Int, count: Int)
    /// What mends the file; nil if there is nothing in it that could be played. Frames count 48 kHz.
    case done(FileRepair?)
  }

  private enum State: Hashable, Sendable {
    case head
    /// An element of the Segment begins at `place`.
    case element
    /// What was lost before others were written begins at `hole`: a cluster behind it is looked for.
    case search(hole: Int)
    /// The last cluster of those that are left.
    case last
  }

  /// Octets that are read at a time to find a cluster, and in all.
  static let searchPiece = 1 << 16
  static let maximumSearch = 64 << 20
  /// The largest cluster that is read as a whole: what one holds, and a frame.
  static let largestCluster = WebMWriter.largestCluster + WebMWriter.maximumFrame + 1_024

  package private(set) var step: Step
  private let fileSize: Int
  private var state = State.head
  private var head = WebMHead(tracks: WebMTracks())
  private var place = 0
  private var cues = WebMCues()
  private var searched = 0
  /// The whole clusters seen last: should the last have no block, the one before is the last.
  private var clusters: [Range<Int>] = []
  private var patches: [FilePatch] = []

  package init(fileSize: Int) {
    self.fileSize = max(fileSize, 0)
    step = .read(offset: 0, count: min(self.fileSize, WebMHead.maximumCount))
  }

  /// The octets that were asked for; fewer if the file has no more.
  package mutating func take(_ octets: [UInt8]) {
    switch state {
    case .head:
      guard let found = WebMHead(octets.span) else { return step = .done(nil) }
      head = found
      if found.segmentSize == fileSize - found.segmentStart, found.duration.isFinite, found.duration >= 0 {
        let frames = Int64(min(found.duration, 1e12) * 48)
        return step = .done(FileRepair(length: fileSize, patches: [], frames: Int(clamping: frames)))
      }
      place = found.count
      look()
    case .element: takeElement(octets)
    case .search(let hole): search(octets, hole: hole)
    case .last: takeLast(octets)
    }
  }

  /// Looks at what begins at `place`.
  private mutating func look() {
    guard place < fileSize else { return end() }
    state = .element
    step = .read(offset: place, count: min(WebMCluster.peek, fileSize - place))
  }

  private mutating func takeElement(_ octets: [UInt8]) {
    let span = octets.span
    guard let element = EBMLElement.parse(span, at: 0) else { return beginSearch() }
    let range = element.size.map { place..<place + element.bodyStart + $0 }
    switch element.id {
    case MatroskaID.cluster:
      guard let range, element.bodyStart == 8 else { return beginSearch() }
      clusters.append(range)
      if clusters.count > 8 { clusters.removeFirst() }
      guard range.upperBound <= fileSize else { return end() }
      if let cluster = WebMCluster(span, body: element.bodyStart..<element.bodyStart + range.count, limit: 1),
        cluster.isCue(in: head.tracks)
      {
        cues.add(cluster.time, position: place)
      }
      place = range.upperBound
      look()
    case MatroskaID.void:
      guard let range, range.upperBound <= fileSize else { return beginSearch() }
      place = range.upperBound
      look()
    // The file was being closed: its cues are made anew.
    case MatroskaID.cues: end()
    default: beginSearch()
    }
  }

  private mutating func beginSearch() {
    state = .search(hole: place)
    place += 1
    step = .read(offset: place, count: Self.searchPiece)
  }

  private mutating func search(_ octets: [UInt8], hole: Int) {
    let span = octets.span
    var index = 0
    while index + 4 <= octets.count {
      if octets[index] == 0x1F, let element = EBMLElement.parse(span, at: index), element.id == MatroskaID.cluster,
        element.bodyStart == index + 8
      {
        place += index
        let filler = WebMWriter.filler(place - hole)
        guard !filler.isEmpty else { break }
        patches.append(FilePatch(offset: hole, bytes: filler))
        return look()
      }
      index += 1
    }
    searched += octets.count
    guard octets.count == Self.searchPiece, searched < Self.maximumSearch else { return end() }
    // A head may be cut in two by the end of the piece.
    place += octets.count - 12
    step = .read(offset: place, count: Self.searchPiece)
  }

  /// No more whole clusters follow.
  private mutating func end() {
    guard let last = clusters.last else { return step = .done(nil) }
    state = .last
    let count = min(last.count, fileSize - last.lowerBound, Self.largestCluster)
    step = .read(offset: last.lowerBound, count: count)
  }

  private mutating func takeLast(_ octets: [UInt8]) {
    guard let last = clusters.popLast() else { return step = .done(nil) }
    guard let cluster = WebMCluster(octets.span, body: 8..<max(8, last.count)), !cluster.blocks.isEmpty else {
      cues.forget(from: last.lowerBound)
      return end()
    }
    if cluster.end < last.count {
      var size = ByteWriter(capacity: 4)
      size.writeSize(cluster.end - 8, octets: WebMWriter.clusterSize)
      patches.append(FilePatch(offset: last.lowerBound + 4, bytes: size.bytes))
    }
    if cluster.isCue(in: head.tracks) { cues.add(cluster.time, position: last.lowerBound) }
    let end = last.lowerBound + cluster.end
    patches.removeAll { $0.offset >= end }
    let track = head.tracks.video == nil ? WebMTracks.audioNumber : WebMTracks.videoNumber
    let index = cues.octets(track: track, segmentStart: head.segmentStart)
    let length = end + index.count
    let finish = max(cluster.finish, 0)
    patches.append(FilePatch(offset: end, bytes: index))
    patches += head.closingPatches(fileSize: length, cuesStart: end, duration: finish)
    step = .done(FileRepair(length: length, patches: patches, frames: Int(clamping: finish &* 48)))
  }
}

extension WebMRepair {
  /// For a whole file in memory.
  package static func repair(_ file: [UInt8]) -> FileRepair? {
    var repair = WebMRepair(fileSize: file.count)
    while case .read(let offset, let count) = repair.step {
      let start = min(max(offset, 0), file.count)
      repair.take(Array(file[start..<min(start + max(count, 0), file.count)]))
    }
    guard case .done(let result) = repair.step else { return nil }
    return result
  }
}
