/// Goes on with a voice by repeating its last pitch periods (ITU-T G.711, Appendix I, section I.2).
struct PitchSynthesis: Sendable {
  private let tenMilliseconds: Int
  private var search: PitchSearch
  /// The audio before the loss, oldest first.
  private var source: [Float]
  /// One period, in samples.
  private var period: Int
  /// How many periods are repeated: 1, 2 or 3.
  private var periods = 1
  /// Place in the repeated piece.
  private var place = 0
  /// Where the piece of fewer periods goes on while it fades over, and how much of the fade is left.
  private var formerPlace = 0
  private var fade = 0
  /// From the last sample to the first repeated one.
  private var jump: Float = 0

  init(sampleRate: Int) {
    tenMilliseconds = max(sampleRate / 100, 10)
    search = PitchSearch(sampleRate: sampleRate)
    source = Array(repeating: 0, count: max(sampleRate / 20, 1))
    period = tenMilliseconds
  }

  var quarterPeriod: Int { max(period / 4, 1) }

  mutating func start(from past: borrowing AudioHistory) {
    let history = past.recent
    for index in 0..<min(history.count, source.count) { source[index] = Float(history[index]) }
    period = search.period(of: history)
    periods = 1
    place = 0
    fade = 0
    let end = source.count
    jump = source[end &- 1] - source[end &- 1 &- period]
  }

  /// The sample that follows `made` samples of this loss.
  mutating func next(after made: Int) -> Int16 {
    guard made < 6 &* tenMilliseconds else { return 0 }
    if made == periods &* tenMilliseconds, periods < 3 { lengthen() }
    let quarter = quarterPeriod
    var value = repeated(place, of: periods)
    place = place &+ 1 == periods &* period ? 0 : place &+ 1
    if fade > 0 {
      let old = repeated(formerPlace, of: periods &- 1)
      formerPlace = formerPlace &+ 1 == (periods &- 1) &* period ? 0 : formerPlace &+ 1
      value += (old - value) * Float(fade) / Float(quarter &+ 1)
      fade = fade &- 1
    }
    if made < quarter { value += jump * (1 - Float(made &+ 1) / Float(quarter &+ 1)) }
    if made > tenMilliseconds {
      value *= 1 - 0.2 * Float(made &- tenMilliseconds) / Float(tenMilliseconds)
    }
    return Int16(clamping: Int32(value.rounded()))
  }

  /// One period more, from the same place in the oldest of them.
  private mutating func lengthen() {
    formerPlace = place
    place = place % period
    periods = periods &+ 1
    fade = quarterPeriod
  }

  /// A sample of the last `count` periods, whose last quarter period slides into what came before the first.
  @inline(__always)
  private func repeated(_ place: Int, of count: Int) -> Float {
    let length = count &* period
    let first = source.count &- length
    let value = source[first &+ place]
    let quarter = quarterPeriod
    let slide = place &- (length &- quarter)
    guard slide >= 0 else { return value }
    let earlier = source[first &- quarter &+ slide]
    return value + (earlier - value) * Float(slide &+ 1) / Float(quarter &+ 1)
  }
}
