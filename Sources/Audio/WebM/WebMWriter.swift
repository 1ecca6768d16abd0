import Primitives

/// Writes a WebM file of VP8 and Opus without a file: octets to append, and patches that bring its head up to date.
///
/// Frames are gathered into clusters, and a cluster is given out whole, with its size: what is on the disk plays without
/// repair, and a file that is torn is torn within its last cluster (RFC 9559, section 5.1.3).
package struct WebMWriter: Sendable {
  /// Milliseconds of a cluster; ask for it earlier by `flush`.
  package static let longestCluster: Int64 = 1_000
  /// Octets of a cluster's blocks after which the next begins.
  static let largestCluster = 1 << 20
  /// The largest frame that is taken, in octets.
  package static let maximumFrame = 4 << 20
  /// Octets of the size in a cluster's head.
  static let clusterSize = 4

  package let tracks: WebMTracks
  private let head: WebMHead
  private let first: [UInt8]
  private var cues = WebMCues()
  /// Octets of the file so far.
  package private(set) var position: Int
  /// When the last frame ends, in milliseconds.
  package private(set) var duration: Int64 = 0
  /// The blocks of the cluster that is being filled.
  private var blocks: [UInt8] = []
  private var clusterTime: Int64 = 0
  private var startsWithKeyFrame = false
  private var lastTimes: (video: Int64, audio: Int64) = (-1, -1)

  package init(_ tracks: WebMTracks) {
    self.tracks = tracks
    (head, first) = WebMHead.make(tracks)
    position = first.count
  }

  /// The file's first octets.
  package func start() -> [UInt8] { first }

  /// Takes a frame of VP8 that is shown at `time` (milliseconds, not before the frames that came before) and returns the
  /// cluster that was completed before it, or nothing. A frame that is empty or too large is left out.
  package mutating func append(video frame: Span<UInt8>, isKeyFrame: Bool, at time: Int64) -> [UInt8] {
    guard frame.count > 0, frame.count <= Self.maximumFrame, tracks.video != nil else { return [] }
    let time = max(time, lastTimes.video + 1)
    lastTimes.video = time
    // One may begin to look at a key frame: it begins a cluster.
    let cluster = makeRoom(frame.count, at: time, isEnough: isKeyFrame)
    if blocks.isEmpty { startsWithKeyFrame = isKeyFrame }
    begin(time)
    writeBlock(frame, track: WebMTracks.videoNumber, isKeyFrame: isKeyFrame, at: time)
    duration = max(duration, time)
    return cluster
  }

  /// Takes a packet of Opus that begins at `time` and lasts `length` milliseconds, likewise.
  ///
  /// - Parameter discarded: nanoseconds at its end that are not to be heard: only in the last packet of a file.
  package mutating func append(
    audio packet: Span<UInt8>, at time: Int64, length: Int64, discarded: Int64 = 0
  ) -> [UInt8] {
    guard packet.count > 0, packet.count <= Self.maximumFrame, tracks.audio != nil else { return [] }
    let time = max(time, lastTimes.audio)
    lastTimes.audio = time
    let cluster = makeRoom(packet.count, at: time, isEnough: false)
    if blocks.isEmpty { startsWithKeyFrame = tracks.video == nil }
    begin(time)
    if discarded > 0 {
      writeGroup(packet, at: time, discarded: discarded)
    } else {
      writeBlock(packet, track: WebMTracks.audioNumber, isKeyFrame: true, at: time)
    }
    duration = max(duration, time &+ max(length, 0) &- discarded / 1_000_000)
    return cluster
  }

  /// The cluster that is being filled, as it is; nothing if it is empty.
  package mutating func flush() -> [UInt8] {
    guard !blocks.isEmpty else { return [] }
    var timestamp = ByteWriter(capacity: 10)
    timestamp.writeElement(MatroskaID.timestamp, number: UInt64(clamping: clusterTime))
    var writer = ByteWriter(capacity: blocks.count + 24)
    writer.writeID(MatroskaID.cluster)
    writer.writeSize(timestamp.count + blocks.count, octets: Self.clusterSize)
    writer.write(timestamp.bytes)
    writer.write(blocks)
    if startsWithKeyFrame { cues.add(clusterTime, position: position) }
    blocks.removeAll(keepingCapacity: true)
    position += writer.count
    return writer.bytes
  }

  /// The cluster that was given out last will not be written: what follows takes its place.
  package mutating func takeBack(_ cluster: [UInt8]) {
    position -= cluster.count
    cues.forget(from: position)
  }

  /// What to write over the head now, so that players know how long the file is.
  package func patches() -> [FilePatch] { [head.durationPatch(duration)] }

  /// The file lasts until `time` at least, whatever comes.
  package mutating func extend(to time: Int64) { duration = max(duration, time) }

  /// The last octets, to be appended behind the last cluster (`flush` before), and the patches that close the file.
  package func finish() -> (octets: [UInt8], patches: [FilePatch]) {
    let track = tracks.video == nil ? WebMTracks.audioNumber : WebMTracks.videoNumber
    let octets = cues.octets(track: track, segmentStart: head.segmentStart)
    let patches = head.closingPatches(fileSize: position + octets.count, cuesStart: position, duration: duration)
    return (octets, patches)
  }

  private mutating func makeRoom(_ count: Int, at time: Int64, isEnough: Bool) -> [UInt8] {
    guard !blocks.isEmpty else { return [] }
    let distance = time &- clusterTime
    guard
      isEnough || distance >= Self.longestCluster || distance < -Self.longestCluster
        || blocks.count + count > Self.largestCluster
    else { return [] }
    return flush()
  }

  private mutating func begin(_ time: Int64) {
    if blocks.isEmpty { clusterTime = max(time, 0) }
  }

  /// SimpleBlock: track, time after the cluster's in 16 bits, flags, frame; RFC 9559, section 10.2.
  private mutating func writeBlock(_ frame: Span<UInt8>, track: UInt8, isKeyFrame: Bool, at time: Int64) {
    var writer = ByteWriter(capacity: 12)
    writer.writeID(MatroskaID.simpleBlock)
    writer.writeSize(frame.count + 4)
    blocks += writer.bytes
    writeBody(frame, track: track, flags: isKeyFrame ? 0x80 : 0, at: time)
  }

  /// BlockGroup: what a SimpleBlock cannot say, section 5.1.3.5.
  private mutating func writeGroup(_ packet: Span<UInt8>, at time: Int64, discarded: Int64) {
    var padding = ByteWriter(capacity: 12)
    padding.writeElement(MatroskaID.discardPadding, number: UInt64(clamping: discarded), octets: 8)
    var block = ByteWriter(capacity: 12)
    block.writeID(MatroskaID.block)
    block.writeSize(packet.count + 4)
    var group = ByteWriter(capacity: 12)
    group.writeID(MatroskaID.blockGroup)
    group.writeSize(block.count + packet.count + 4 + padding.count)
    blocks += group.bytes
    blocks += block.bytes
    writeBody(packet, track: WebMTracks.audioNumber, flags: 0, at: time)
    blocks += padding.bytes
  }

  private mutating func writeBody(_ frame: Span<UInt8>, track: UInt8, flags: UInt8, at time: Int64) {
    let behind = UInt16(bitPattern: Int16(clamping: time &- clusterTime))
    blocks.append(0x80 | track)
    blocks.append(UInt8(truncatingIfNeeded: behind >> 8))
    blocks.append(UInt8(truncatingIfNeeded: behind))
    blocks.append(flags)
    blocks.reserveCapacity(blocks.count + frame.count)
    for index in 0..<frame.count { blocks.append(frame[index]) }
  }
}

extension WebMWriter {
  /// What to write at the beginning of `count` octets (2 or more) that were lost, so that players pass over them.
  package static func filler(_ count: Int) -> [UInt8] {
    var writer = ByteWriter(capacity: 9)
    writer.writeVoidHead(count)
    return writer.bytes
  }
}
