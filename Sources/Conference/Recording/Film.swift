import Primitives
import RTP

/// A member's picture on its way into recordings: one more view of the forwarder's, whose packets become frames.
struct Film: Sendable {
  /// In the forwarder the watcher of all films; no leg has this number.
  static let watcher = LegID(.max)
  /// Members of a room that are filmed at a time.
  static let maximumFilms = 100

  struct Frame: Sendable {
    var frame: VP8Assembler.Frame
    /// When it was taken, on our clock.
    var time: Instant
  }

  let leg: LegID
  let view: ViewID
  /// In the packets of the view.
  let ssrc: UInt32
  private(set) var assembler = VP8Assembler()
  private var clock = FilmClock()
  /// What waits for the next tick, in order.
  private(set) var frames: [Frame] = []

  init(leg: LegID, view: ViewID, ssrc: UInt32) {
    self.leg = leg
    self.view = view
    self.ssrc = ssrc
  }

  mutating func receive(_ packet: Span<UInt8>, at now: Instant) {
    assembler.receive(packet, at: now)
    collect()
  }

  /// Gives up what was lost; true if a key frame is needed.
  mutating func timeout(at now: Instant) -> Bool {
    assembler.timeout(at: now)
    collect()
    return assembler.wantsKeyFrame(at: now)
  }

  mutating func removeFrames() {
    frames.removeAll(keepingCapacity: true)
    assembler.removeFrames()
  }

  private mutating func collect() {
    while frames.count < assembler.frames.count {
      let frame = assembler.frames[frames.count]
      frames.append(Frame(frame: frame, time: clock.time(of: frame.timestamp, arrival: frame.at)))
    }
  }
}
