import Audio

/// One tick's audio of a room at one rate: what each talker says, their sum, and what is played to everyone.
///
/// Rows are 20 ms of mono samples. All memory is reserved once, for 48 kHz.
struct MixFrame: Sendable {
  /// The most samples that 20 ms can have.
  static let stride = 960

  private(set) var rate: Int
  /// Samples of a row at the present rate.
  private(set) var count: Int
  /// One row of `stride` samples per leg that was decoded in this tick.
  private var rows: [Int16] = []
  /// The sum of the rows that everybody may hear.
  private var sum: [Int32]
  /// What is played to everyone.
  private(set) var announcements: [Int32]
  /// The whole mix, limited: what somebody hears who says nothing.
  private(set) var mix: [Int16]
  /// Only what is played to everyone: what a deaf member hears.
  private(set) var announced: [Int16]
  private var work: [Int32]
  private var mixLimiter: SoftLimiter
  private var announcementLimiter: SoftLimiter
  /// How far the members are lowered under an announcement, at the start and at the end of the tick.
  private var ducking = GainStep.unity

  init(rate: Int) {
    self.rate = rate
    count = rate / 50
    sum = Array(repeating: 0, count: Self.stride)
    announcements = sum
    work = sum
    mix = Array(repeating: 0, count: Self.stride)
    announced = mix
    mixLimiter = SoftLimiter()
    announcementLimiter = SoftLimiter()
  }

  /// Starts a tick with room for `members` rows.
  mutating func begin(rate: Int, members: Int) {
    self.rate = rate
    count = rate / 50
    let wanted = members * Self.stride
    if rows.count < wanted { rows.append(contentsOf: repeatElement(0, count: wanted - rows.count)) }
    FrameArithmetic.clear(&sum, count: count)
    FrameArithmetic.clear(&announcements, count: count)
    ducking = .unity
  }

  /// Hands out a row for a member's samples.
  @_lifetime(&self)
  mutating func row(_ index: Int) -> MutableSpan<Int16> {
    let range = index * Self.stride..<index * Self.stride + count
    let span = rows.mutableSpan
    return span._consumingExtracting(range)
  }

  /// What one member says, or without a row the whole mix.
  @_lifetime(borrow self)
  func samples(row index: Int?) -> Span<Int16> {
    guard let index else { return mix.span.extracting(first: count) }
    return rows.span.extracting(index * Self.stride..<index * Self.stride + count)
  }

  /// Adds a row to sums elsewhere.
  func add(row index: Int, to sums: inout [Int32]) {
    FrameArithmetic.add(rows, from: index * Self.stride, into: &sums, count: count)
  }

  /// Adds a row to what everybody hears.
  mutating func add(row index: Int) {
    FrameArithmetic.add(rows, from: index * Self.stride, into: &sum, count: count)
  }

  /// Adds what is played to everyone.
  mutating func announce(_ samples: [Int16], gain: GainStep) {
    FrameArithmetic.add(samples, gain: gain, into: &announcements, count: count)
  }

  /// Goes on where another rate's mix was.
  mutating func adoptLimiters(of other: MixFrame) {
    mixLimiter = other.mixLimiter
    announcementLimiter = other.announcementLimiter
  }

  /// Mixes for those who say nothing. `ducking` lowers the members, not the announcements.
  mutating func finish(ducking: GainStep) {
    self.ducking = ducking
    compose(Listening(hears: .room, minus: nil, gain: .unity, ducking: .unity), with: nil)
    FrameArithmetic.limit(work, by: &mixLimiter, into: &mix, count: count)
    compose(Listening(hears: .announcements, minus: nil, gain: .unity, ducking: .unity), with: nil)
    FrameArithmetic.limit(work, by: &announcementLimiter, into: &announced, count: count)
  }

  /// The loudest sample of the mix.
  var peak: Int32 {
    var low: Int16 = 0
    var high: Int16 = 0
    let samples = mix.span
    for index in 0..<count {
      low = min(low, samples[index])
      high = max(high, samples[index])
    }
    return max(Int32(high), -Int32(low))
  }

  /// Mixes for one listener who hears something of their own.
  mutating func render(
    _ listening: Listening, with play: [Int32]?, limiter: inout SoftLimiter, into output: inout [Int16]
  ) {
    compose(listening, with: play)
    FrameArithmetic.limit(work, by: &limiter, into: &output, count: count)
  }

  /// Sums into `work` what a listener hears.
  private mutating func compose(_ listening: Listening, with play: [Int32]?) {
    switch listening.hears {
    case .nothing: FrameArithmetic.clear(&work, count: count)
    case .announcements: FrameArithmetic.copy(announcements, into: &work, count: count)
    case .room:
      if let row = listening.minus {
        FrameArithmetic.difference(sum, minus: rows, from: row * Self.stride, into: &work, count: count)
      } else {
        FrameArithmetic.copy(sum, into: &work, count: count)
      }
      FrameArithmetic.apply(ducking, to: &work, count: count)
      FrameArithmetic.add(announcements, into: &work, count: count)
    }
    FrameArithmetic.apply(listening.ducking, to: &work, count: count)
    if let play { FrameArithmetic.add(play, into: &work, count: count) }
    FrameArithmetic.apply(listening.gain, to: &work, count: count)
  }
}
