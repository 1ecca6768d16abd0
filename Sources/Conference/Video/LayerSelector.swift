import RTP

/// Chooses what a watcher sees of a publisher: which simulcast stream, and how many of its temporal layers.
///
/// Another stream is taken only at its key frame. Temporal layers go up where the stream allows it, down at once with the
/// next frame. While a lower stream's key frame is awaited, only the base layer of the higher one is shown.
package struct LayerSelector: Sendable {
  package struct Layers: Hashable, Sendable {
    /// The simulcast stream, 0 the smallest.
    package var stream: Int
    /// The highest temporal layer.
    package var temporal: UInt8

    package init(stream: Int, temporal: UInt8) {
      self.stream = stream
      self.temporal = temporal
    }
  }

  package enum Verdict: Hashable, Sendable {
    case drop, forward
    /// Forward, and begin to show this stream with it.
    case begin
  }

  /// What is wanted; nil pauses at once.
  package private(set) var target: Layers?
  /// What is shown; nil until a key frame comes.
  package private(set) var current: Layers?

  /// Where other temporal layers began to be shown, and which it was before; the oldest first.
  private var changes = InlineArray<4, Change>(repeating: Change(timestamp: .min, before: 0))

  private struct Change: Sendable {
    var timestamp: Int64
    var before: UInt8
  }

  package init() {}

  package mutating func want(_ layers: Layers?) {
    target = layers
    if layers == nil { current = nil }
  }

  /// The stream shown is gone or another's: begin anew with a key frame.
  package mutating func forget() { current = nil }

  /// The stream of which a key frame is needed to come nearer to the target.
  package var awaited: Int? {
    guard let target, current?.stream != target.stream else { return nil }
    return target.stream
  }

  /// Decides for a frame whose first packet this is.
  ///
  /// - Parameter isNewest: false if later frames came before: such a frame changes nothing.
  /// - Parameter timestamp: of the frame, unwrapped; a late one gets the layers that were shown at its place.
  package mutating func decide(stream: Int, mark: FrameMark, isNewest: Bool, timestamp: Int64 = 0) -> Verdict {
    guard let target else { return .drop }
    if mark.startsKeyFrame, isNewest, isNearer(stream, to: target) {
      current = Layers(stream: stream, temporal: limit(stream, target))
      changes = InlineArray(repeating: Change(timestamp: .min, before: 0))
      return .begin
    }
    guard var shown = current, shown.stream == stream else { return .drop }
    guard isNewest else { return mark.temporalLayer <= former(timestamp) ?? shown.temporal ? .forward : .drop }
    let limit = limit(stream, target)
    var next = min(shown.temporal, limit)
    if mark.startsKeyFrame {
      next = limit
    } else if next < limit {
      switch mark.temporalSwitch {
      case .none: break
      // One step at a time: a frame of a layer between may still depend on its own past.
      case .toThisLayer: if mark.temporalLayer == next &+ 1 { next &+= 1 }
      case .toHigherLayers: if mark.temporalLayer <= next { next = limit }
      }
    }
    if next != shown.temporal { note(Change(timestamp: timestamp, before: shown.temporal)) }
    shown.temporal = next
    current = shown
    return mark.temporalLayer <= next ? .forward : .drop
  }

  private mutating func note(_ change: Change) {
    for index in 1..<changes.count { changes[index &- 1] = changes[index] }
    changes[changes.count &- 1] = change
  }

  /// The highest temporal layer that was shown at the place of a late frame, if it is another one now: the frame may lean on
  /// what was left out there, and what was sent may lean on the frame.
  private func former(_ timestamp: Int64) -> UInt8? {
    for index in 0..<changes.count where timestamp < changes[index].timestamp { return changes[index].before }
    return nil
  }

  private func isNearer(_ stream: Int, to target: Layers) -> Bool {
    // With nothing shown any stream that fits is better than waiting for the best.
    guard let current else { return stream <= target.stream }
    return abs(stream &- target.stream) < abs(current.stream &- target.stream)
  }

  /// Browsers' streams have three temporal layers at most.
  private static let highestTemporal: UInt8 = 2

  private func limit(_ stream: Int, _ target: Layers) -> UInt8 {
    // A smaller stream than what is wanted costs less, whole.
    stream > target.stream ? 0 : stream < target.stream ? Self.highestTemporal : target.temporal
  }
}
