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
  /// The mix with all that only some members hear; made on demand.
  private(set) var whole: [Int16]
  /// Where the voices are that not everybody hears, by place, and twice their highest frequencies in hertz.
  private var asideRows = [Int](repeating: 0, count: Asides.maximum)
  private var asideRates = [Int](repeating: 0, count: Asides.maximum)
  /// Those of them that have a row in this tick.
  private(set) var sounding: Asides = []
  private var work: [Int32]
  private var mixLimiter: SoftLimiter
  private var announcementLimiter: SoftLimiter
  private var wholeLimiter: SoftLimiter
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
    whole = mix
    mixLimiter = SoftLimiter()
    announcementLimiter = SoftLimiter()
    wholeLimiter = SoftLimiter()
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
    sounding = []
  }

  /// Hands out a row for a member's samples.
  @_lifetime(&self)
  mutating func row(_ index: Int) -> MutableSpan<Int16> {
    let range = index * Self.stride..<index * Self.stride + count
    let span = rows.mutableSpan
    return span._consumingExtracting(range)
  }

  /// What a recording takes from a tick.
  enum Source {
    /// What somebody hears who says nothing.
    case mix
    /// The same with what only some members hear; after `finishWhole`.
    case whole
    /// What one member says.
    case row(Int)
  }

  @_lifetime(borrow self)
  func samples(_ source: Source) -> Span<Int16> {
    switch source {
    case .mix: mix.span.extracting(first: count)
    case .whole: whole.span.extracting(first: count)
    case .row(let index): rows.span.extracting(index * Self.stride..<index * Self.stride + count)
    }
  }

  /// Adds a row to sums elsewhere.
  func add(row index: Int, to sums: inout [Int32]) {
    FrameArithmetic.add(rows, from: index * Self.stride, into: &sums, count: count)
  }

  /// Adds a row to what everybody hears.
  mutating func add(row index: Int) {
    FrameArithmetic.add(rows, from: index * Self.stride, into: &sum, count: count)
  }

  /// A row is one that not everybody hears. `place` is 0 to 7, `audibleRate` in hertz.
  mutating func set(aside place: Int, row: Int, audibleRate: Int) {
    guard asideRows.indices.contains(place) else { return }
    asideRows[place] = row
    asideRates[place] = audibleRate
    sounding.insert(Asides(place: place))
  }

  /// Twice the highest frequency of some asides, in hertz; 0 if they are silent.
  func audibleRate(of asides: Asides) -> Int {
    let heard = asides.intersection(sounding)
    guard !heard.isEmpty else { return 0 }
    var rate = 0
    for place in 0..<Asides.maximum where heard.contains(Asides(place: place)) { rate = max(rate, asideRates[place]) }
    return rate
  }

  /// Adds what is played to everyone.
  mutating func announce(_ samples: [Int16], gain: GainStep) {
    FrameArithmetic.add(samples, gain: gain, into: &announcements, count: count)
  }

  /// Goes on where another rate's mix was.
  mutating func adoptLimiters(of other: MixFrame) {
    mixLimiter = other.mixLimiter
    announcementLimiter = other.announcementLimiter
    wholeLimiter = other.wholeLimiter
  }

  /// Mixes for those who say nothing. `ducking` lowers the members, not the announcements.
  mutating func finish(ducking: GainStep) {
    self.ducking = ducking
    compose(Listening(hears: .room, minus: nil, gain: .unity, ducking: .unity), with: nil)
    FrameArithmetic.limit(work, by: &mixLimiter, into: &mix, count: count)
    compose(Listening(hears: .announcements, minus: nil, gain: .unity, ducking: .unity), with: nil)
    FrameArithmetic.limit(work, by: &announcementLimiter, into: &announced, count: count)
  }

  /// Mixes for recordings that hold whispers, too; after `finish`.
  mutating func finishWhole() {
    compose(Listening(hears: .room, asides: .all, minus: nil, gain: .unity, ducking: .unity), with: nil)
    FrameArithmetic.limit(work, by: &wholeLimiter, into: &whole, count: count)
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
    case .announcements:
      FrameArithmetic.copy(announcements, into: &work, count: count)
      addAsides(listening.asides)
    case .room:
      if let row = listening.minus {
        FrameArithmetic.difference(sum, minus: rows, from: row * Self.stride, into: &work, count: count)
      } else {
        FrameArithmetic.copy(sum, into: &work, count: count)
      }
      addAsides(listening.asides)
      FrameArithmetic.apply(ducking, to: &work, count: count)
      FrameArithmetic.add(announcements, into: &work, count: count)
    }
    FrameArithmetic.apply(listening.ducking, to: &work, count: count)
    if let play { FrameArithmetic.add(play, into: &work, count: count) }
    FrameArithmetic.apply(listening.gain, to: &work, count: count)
  }

  private mutating func addAsides(_ asides: Asides) {
    let heard = asides.intersection(sounding)
    guard !heard.isEmpty else { return }
    for place in 0..<Asides.maximum where heard.contains(Asides(place: place)) {
      FrameArithmetic.add(rows, from: asideRows[place] * Self.stride, into: &work, count: count)
    }
  }
}
