import Primitives
import RTP

/// How the numbers of one source become those of a watcher's stream, from the key frame with which it began to be shown.
struct SourceMapping: Sendable {
  /// The forwarder's number for the source; nil before the first.
  private(set) var source: Int?
  var sequences = SequenceMap()
  var frames = FrameTable()
  /// Added to timestamps.
  private(set) var timestampOffset: Int64 = 0
  /// Added to TL0PICIDX.
  private(set) var baseIndexOffset: UInt8 = 0
  private var pictures = PictureCounter()

  /// Begins with `packet`, numbered as `numbers` says.
  mutating func start(_ source: Int, with packet: VideoPacket, as numbers: StreamNumbers) {
    self.source = source
    sequences.start(at: packet.sequence, as: numbers.sequence)
    timestampOffset = numbers.timestamp &- packet.timestamp
    baseIndexOffset = numbers.baseLayerIndex &- (packet.mark.vp8?.baseLayerIndex ?? 0)
    pictures = PictureCounter()
    let picture = packet.mark.vp8?.pictureID.map { pictures.extend($0) } ?? 0
    frames.start(pictureOffset: numbers.picture &- picture)
  }

  mutating func stop() { source = nil }

  /// Whether this packet, of this source, belongs to what this mapping has begun.
  func covers(_ source: Int, _ sequence: Int64) -> Bool { self.source == source && sequence >= sequences.first }

  /// The numbers of a packet that got `sequence` in the frame `frame`.
  mutating func numbers(_ packet: VideoPacket, sequence: Int64, frame: FrameTable.Frame) -> StreamNumbers {
    let picture = packet.mark.vp8?.pictureID.map { pictures.extend($0) } ?? 0
    return StreamNumbers(
      sequence: sequence, timestamp: packet.timestamp &+ timestampOffset, picture: picture &+ frame.pictureOffset,
      baseLayerIndex: (packet.mark.vp8?.baseLayerIndex ?? 0) &+ baseIndexOffset)
  }
}
