import Audio

/// Plays clips to one audience, one play after the other, and says how far the room is lowered meanwhile (ducking).
struct Player: Sendable {
  /// Plays that may wait; more are refused as stopped.
  static let maximumQueue = 64
  /// Ticks in which ducking comes and goes.
  static let duckingTicks: Float = 5

  private var queue: [Playing] = []
  /// This tick's audio at the room's rate, and at the rate that the room leaves.
  private(set) var frame: [Int16] = []
  private(set) var former: [Int16] = []
  /// How far the room is lowered in this tick.
  private(set) var ducking = GainStep.unity
  /// Gain of this tick's frame.
  private(set) var gain = GainStep.unity
  /// Whether this tick has audio.
  private(set) var isSounding = false
  private var duckingStep: Float = 0.15
  private var scratch: [Int16] = []

  /// Nothing plays and the room is at its full level again.
  var isIdle: Bool { queue.isEmpty && ducking == .unity }

  /// The digits of a listener stop the play that is on.
  var stopsOnDigit: Bool { queue.first?.plan.stopsOnDigit ?? false }

  func contains(_ play: PlayID) -> Bool { queue.contains { $0.plan.id == play } }

  mutating func enqueue(_ plan: PlayPlan, events: inout OutputQueue<RoomEvent>) {
    guard queue.count < Self.maximumQueue else {
      events.append(.playEnded(plan.id, .stopped))
      return
    }
    queue.append(Playing(plan))
  }

  /// Ends one play: the one that is on fades out within a tick.
  mutating func stop(_ play: PlayID, because end: PlayEnd, events: inout OutputQueue<RoomEvent>) {
    for index in queue.indices.reversed() where queue[index].plan.id == play {
      if queue[index].isStarted {
        queue[index].ending = end
      } else {
        queue.remove(at: index)
        events.append(.playEnded(play, end))
      }
    }
  }

  mutating func stopCurrent(because end: PlayEnd) {
    if !queue.isEmpty { queue[0].ending = end }
  }

  /// Ends everything that is on or waits.
  mutating func stopAll(because end: PlayEnd, events: inout OutputQueue<RoomEvent>) {
    for playing in queue { stop(playing.plan.id, because: end, events: &events) }
  }

  /// Ends everything at once, without a fade: nobody listens any more.
  mutating func cancel(because end: PlayEnd, events: inout OutputQueue<RoomEvent>) {
    for playing in queue { events.append(.playEnded(playing.plan.id, end)) }
    queue.removeAll()
  }

  /// Prepares a tick: afterwards `frame`, `gain` and `ducking` are those of this tick.
  mutating func tick(rates: RateSwitch, events: inout OutputQueue<RoomEvent>) {
    isSounding = false
    while let first = queue.first, first.isOver || (first.ending != nil && !first.isStarted) {
      finish(first.ending ?? .finished, events: &events)
    }
    if queue.isEmpty {
      if ducking != .unity { ducking = ducking.followed(by: 1, limit: duckingStep) }
      return
    }
    if frame.isEmpty {
      frame = Array(repeating: 0, count: MixFrame.stride)
      former = frame
    }
    if queue[0].start() { events.append(.playStarted(queue[0].plan.id)) }
    if queue[0].isOver { return finish(.finished, events: &events) }
    let target = Decibels.factor(-max(queue[0].plan.ducking, 0))
    if target < 1 { duckingStep = (1 - target) / Self.duckingTicks }
    ducking = ducking.followed(by: queue[0].ending == nil ? target : 1, limit: duckingStep)
    queue[0].render(rates: rates, scratch: &scratch, into: &frame, former: &former)
    let factor = queue[0].factor
    gain = GainStep(from: factor, to: queue[0].ending == nil ? factor : 0)
    isSounding = true
    if let end = queue[0].ending { finish(end, events: &events) }
  }

  private mutating func finish(_ end: PlayEnd, events: inout OutputQueue<RoomEvent>) {
    let playing = queue.removeFirst()
    events.append(.playEnded(playing.plan.id, end))
  }
}
