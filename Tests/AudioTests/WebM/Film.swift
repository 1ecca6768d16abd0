import Testing

@testable import Audio

/// A made-up film of 25 pictures and 50 packets of sound a second, and the file that a recorder makes of it.
struct Film {
  struct Frame: Hashable {
    var track: UInt8
    var time: Int64
    var isKeyFrame: Bool
    var octets: [UInt8]
  }

  static let tracks = WebMTracks(
    video: .init(width: 640, height: 360), audio: .init(preSkip: 312, inputRate: 16_000))

  var keyFrameInterval: Int64 = 2_000
  /// Gives out a cluster every 200 ms.
  var flushes = true
  /// Clusters, by their time, that the disk does not take.
  var loses: (Int64) -> Bool = { _ in false }
  private(set) var frames: [Frame] = []
  private(set) var file: [UInt8]
  private var writer = WebMWriter(Film.tracks)

  init() { file = writer.start() }

  mutating func play(seconds: Int64) {
    for time in stride(from: Int64(0), to: seconds * 1_000, by: 20) {
      if time % 40 == 0 {
        let isKey = time % keyFrameInterval == 0
        let count = isKey ? 300 : 40 + Int(time / 40 % 20)
        let frame = Frame(
          track: WebMTracks.videoNumber, time: time, isKeyFrame: isKey,
          octets: (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ Int(time)) })
        frames.append(frame)
        put(writer.append(video: frame.octets.span, isKeyFrame: isKey, at: time), time)
      }
      let packet = Frame(
        track: WebMTracks.audioNumber, time: time, isKeyFrame: true,
        octets: [UInt8](repeating: UInt8(truncatingIfNeeded: time), count: 12))
      frames.append(packet)
      put(writer.append(audio: packet.octets.span, at: time, length: 20), time)
      if flushes, time % 200 == 180 { put(writer.flush(), time) }
    }
    put(writer.flush(), seconds * 1_000)
  }

  private mutating func put(_ cluster: [UInt8], _ time: Int64) {
    guard !cluster.isEmpty else { return }
    // A cluster is given out behind its last frame, or before the key frame of the next.
    guard !loses(time % 200 == 180 ? time : time - 20) else { return writer.takeBack(cluster) }
    file += cluster
    file = Film.patched(file, writer.patches())
  }

  mutating func close() -> [UInt8] {
    let end = writer.finish()
    return Film.patched(file + end.octets, end.patches)
  }

  static func patched(_ file: [UInt8], _ patches: [FilePatch]) -> [UInt8] {
    var file = file
    for patch in patches {
      let end = patch.offset + patch.bytes.count
      if end > file.count { file += [UInt8](repeating: 0, count: end - file.count) }
      file.replaceSubrange(patch.offset..<end, with: patch.bytes)
    }
    return file
  }

  static func mend(_ torn: [UInt8], _ repair: FileRepair) throws -> [UInt8] {
    let file = patched(torn, repair.patches)
    try #require(repair.length <= file.count)
    return Array(file.prefix(repair.length))
  }
}
