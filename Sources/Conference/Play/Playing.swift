import Audio

/// One play in progress or waiting: where it stands in its clips.
struct Playing: Sendable {
  let plan: PlayPlan
  let factor: Float
  private(set) var isStarted = false
  /// Set when the play is to fade out in its next tick.
  var ending: PlayEnd?
  private var clip = 0
  private var offset = 0
  private var converter: InputConverter?

  init(_ plan: PlayPlan) {
    self.plan = plan
    factor = Decibels.factor(plan.gain)
  }

  /// True when nothing is left to play.
  var isOver: Bool { clip >= plan.clips.count }

  /// Marks the start; true the first time.
  mutating func start() -> Bool {
    defer { isStarted = true }
    skipEmpty()
    return !isStarted
  }

  /// Reads the next 20 ms at the clip's own rate into `scratch` and returns how many samples that is.
  ///
  /// A following clip of the same rate goes on within the frame; one of another rate starts with the next frame.
  private mutating func read(into scratch: inout [Int16]) -> Int {
    let rate = plan.clips[clip].sampleRate
    let count = rate / 50
    if scratch.count < count { scratch.append(contentsOf: repeatElement(0, count: count - scratch.count)) }
    var filled = 0
    while filled < count, !isOver, plan.clips[clip].sampleRate == rate {
      filled += copy(into: &scratch, at: filled, limit: count)
      skipEmpty()
    }
    for index in filled..<max(count, filled) { scratch[index] = 0 }
    return count
  }

  private mutating func copy(into scratch: inout [Int16], at place: Int, limit: Int) -> Int {
    let count = min(plan.clips[clip].samples.count - offset, limit - place)
    Self.copy(plan.clips[clip].samples, from: offset, into: &scratch, at: place, count: count)
    offset += count
    return count
  }

  private static func copy(_ samples: [Int16], from start: Int, into scratch: inout [Int16], at place: Int, count: Int)
  {
    let source = samples.span
    var target = scratch.mutableSpan
    for index in 0..<count { target[place &+ index] = source[start &+ index] }
  }

  /// Passes over the end of a clip, and back to the first one if the play loops.
  private mutating func skipEmpty() {
    while clip < plan.clips.count, offset >= plan.clips[clip].samples.count || plan.clips[clip].sampleRate < 50 {
      clip += 1
      offset = 0
    }
    guard clip == plan.clips.count, plan.loops, isStarted else { return }
    if let first = plan.clips.firstIndex(where: { !$0.samples.isEmpty && $0.sampleRate >= 50 }) { clip = first }
  }

  /// Plays 20 ms into `output` at the room's rate, and into `former` at the rate that the room leaves.
  mutating func render(rates: RateSwitch, scratch: inout [Int16], into output: inout [Int16], former: inout [Int16]) {
    guard !isOver else {
      for index in output.indices { output[index] = 0 }
      for index in former.indices { former[index] = 0 }
      return
    }
    var frame = output.mutableSpan
    var now = frame._mutatingExtracting(first: rates.rate / 50)
    let rate = plan.clips[clip].sampleRate
    if converter?.sourceRate != rate { converter = InputConverter(from: rate, to: rates) }
    converter?.follow(rates)
    let count = read(into: &scratch)
    if let rate = rates.former {
      var frame = former.mutableSpan
      var before = frame._mutatingExtracting(first: rate / 50)
      converter?.convertFormer(scratch.span.extracting(first: count), into: &before)
    }
    converter?.convert(scratch.span.extracting(first: count), into: &now)
  }
}
