/// The last frames of one source: whether a watcher gets them, and what their pictures are numbered for it.
///
/// All packets of a frame share one fate, also those that come late.
struct FrameTable: Sendable {
  /// Frames remembered: about a second.
  static let capacity = 32

  struct Frame: Sendable {
    var timestamp: Int64 = .min
    var isForwarded = false
    /// Added to the source's picture ids, as it was before this frame.
    var pictureOffset: Int64 = 0
  }

  private var frames: [Frame]
  private var newest = 0
  /// What the next frame would get.
  private var pictureOffset: Int64 = 0
  private(set) var highest = Int64.min

  init() { frames = Array(repeating: Frame(), count: Self.capacity) }

  mutating func start(pictureOffset: Int64) {
    for index in 0..<Self.capacity { frames[index].timestamp = .min }
    self.pictureOffset = pictureOffset
    highest = .min
  }

  /// The frame of this timestamp, if its fate is decided.
  func frame(_ timestamp: Int64) -> Frame? {
    if frames[newest].timestamp == timestamp { return frames[newest] }
    guard timestamp < highest else { return nil }
    for index in 0..<Self.capacity where frames[index].timestamp == timestamp { return frames[index] }
    return nil
  }

  /// Decides the fate of a frame. One that is left out takes no picture id, unless later frames have theirs already.
  mutating func add(_ timestamp: Int64, isForwarded: Bool) -> Frame {
    guard timestamp > highest else { return addLate(timestamp, isForwarded: isForwarded) }
    let frame = Frame(timestamp: timestamp, isForwarded: isForwarded, pictureOffset: pictureOffset)
    if !isForwarded { pictureOffset &-= 1 }
    highest = timestamp
    newest = (newest &+ 1) % Self.capacity
    frames[newest] = frame
    return frame
  }

  private mutating func addLate(_ timestamp: Int64, isForwarded: Bool) -> Frame {
    // The frame behind it was numbered with a place kept for this one.
    var following = Frame(timestamp: .max, pictureOffset: pictureOffset)
    var oldest = newest
    for index in 0..<Self.capacity {
      let other = frames[index].timestamp
      if other > timestamp, other < following.timestamp { following = frames[index] }
      if other < frames[oldest].timestamp { oldest = index }
    }
    let frame = Frame(timestamp: timestamp, isForwarded: isForwarded, pictureOffset: following.pictureOffset)
    frames[oldest] = frame
    return frame
  }
}
