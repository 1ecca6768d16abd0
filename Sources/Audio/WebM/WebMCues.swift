import Primitives

/// Where in a file one may begin to look: clusters that begin with a key frame; RFC 9559, section 5.1.5.
struct WebMCues: Hashable, Sendable {
  struct Cue: Hashable, Sendable {
    /// Milliseconds.
    var time: Int64
    /// Of the cluster, from the start of the file.
    var position: Int
  }

  /// More are thinned out: every other one stays.
  static let maximum = 8_192

  private(set) var cues: [Cue] = []
  /// Milliseconds that two cues are apart at least.
  private(set) var distance: Int64 = 1_000

  mutating func add(_ time: Int64, position: Int) {
    if let last = cues.last, time &- last.time < distance { return }
    cues.append(Cue(time: time, position: position))
    guard cues.count > Self.maximum else { return }
    cues = stride(from: 0, to: cues.count, by: 2).map { cues[$0] }
    distance &*= 2
  }

  /// What stands at `position` or behind it was not written.
  mutating func forget(from position: Int) { cues.removeAll { $0.position >= position } }

  /// The element at the end of the file.
  func octets(track: UInt8, segmentStart: Int) -> [UInt8] {
    var writer = ByteWriter()
    writer.writeElement(MatroskaID.cues) { element in
      for cue in cues {
        element.writeElement(MatroskaID.cuePoint) { point in
          point.writeElement(MatroskaID.cueTime, number: UInt64(clamping: cue.time))
          point.writeElement(MatroskaID.cueTrackPositions) { positions in
            positions.writeElement(MatroskaID.cueTrack, number: UInt64(track))
            positions.writeElement(
              MatroskaID.cueClusterPosition, number: UInt64(clamping: cue.position - segmentStart))
          }
        }
      }
    }
    return writer.bytes
  }
}
