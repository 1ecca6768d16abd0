/// Makes up for lost frames out of the last residual: its pitch repeated, noise mixed in, slowly fading
/// (RFC 3951, section 4.5; the numbers are appendix A.14's).
struct ILBCConcealment: Sendable {
  private enum State {
    case received
    /// Frames lost in a row, and what was found out at the first of them.
    case lost(frames: Int, lag: Int, periodicity: Float)
  }

  private var state = State.received
  private var filter = ILBCFilter()
  private var residual = InlineArray<240, Float>(repeating: 0)
  private var seed: UInt32 = 777

  /// A frame was received: keeps what the next one would be made of.
  mutating func receive(_ residual: InlineArray<240, Float>, _ filter: ILBCFilter) {
    state = .received
    self.residual = residual
    self.filter = filter
  }

  /// - Parameter lag: the enhancer's last pitch period, in samples.
  mutating func conceal(lag estimate: Int, frame: ILBCFrame) -> (InlineArray<240, Float>, ILBCFilter) {
    let frames: Int
    let lag: Int
    let periodicity: Float
    switch state {
    case .received:
      frames = 1
      (lag, periodicity) = pitch(near: estimate, frame)
    case .lost(let former, let formerLag, let formerPeriodicity):
      (frames, lag, periodicity) = (min(former &+ 1, 1_000), formerLag, formerPeriodicity)
    }
    state = .lost(frames: frames, lag: lag, periodicity: periodicity)
    extend(lag: lag, periodicity: periodicity, gain: frames &* frame.samples > 320 ? 0.9 : 1, frame)
    return (residual, filter)
  }

  /// The best lag around an estimate, and how periodic the residual is at that: 0 to 1.
  private func pitch(near estimate: Int, _ frame: ILBCFrame) -> (Int, Float) {
    var lag = estimate &- 3
    var (best, periodicity) = correlation(lag: lag, frame)
    for other in estimate &- 2...estimate &+ 3 {
      let (value, otherPeriodicity) = correlation(lag: other, frame)
      if value > best { (lag, best, periodicity) = (other, value, otherPeriodicity) }
    }
    return (lag, periodicity)
  }

  /// Of the last 60 samples with those one lag before.
  private func correlation(lag: Int, _ frame: ILBCFrame) -> (Float, Float) {
    let residual = residual.span
    let end = frame.samples
    let count = min(60, end &- lag)
    guard lag > 0, count > 0 else { return (0, 0) }
    var (product, earlier, later): (Float, Float, Float) = (0, 0, 0)
    for index in end &- count..<end {
      product += residual[index] * residual[index &- lag]
      earlier += residual[index &- lag] * residual[index &- lag]
      later += residual[index] * residual[index]
    }
    guard earlier > 0 else { return (0, 0) }
    return (product * product / earlier, product.magnitude / (earlier.squareRoot() * later.squareRoot()))
  }

  /// Replaces the residual by one that goes on from it.
  private mutating func extend(lag: Int, periodicity: Float, gain: Float, _ frame: ILBCFrame) {
    let count = frame.samples
    let former = self.residual
    let past = former.span
    var randomness = InlineArray<240, Float>(repeating: 0)
    var noise = randomness.mutableSpan
    var residual = InlineArray<240, Float>(repeating: 0)
    var output = residual.mutableSpan
    let likeness = periodicity.squareRoot()
    let share: Float = likeness > 0.7 ? 1 : likeness > 0.4 ? (likeness - 0.4) / (0.7 - 0.4) : 0
    // Two periods are repeated rather than one, lest it buzz.
    let period = lag < 80 ? 2 &* lag : lag
    var energy: Float = 0
    for index in 0..<count {
      seed = (seed &* 69_069 &+ 1) & 0x7FFF_FFFF
      let random = index &- 50 &- Int(seed % 70)
      noise[index] = random < 0 ? past[count &+ random] : noise[random]
      let place = index &- period
      // The lag after a loss is a doubled one, and can reach behind what is kept.
      let repeated = place >= 0 ? output[place] : count &+ place >= 0 ? past[count &+ place] : 0
      let level = index < 80 ? gain : index < 160 ? 0.95 * gain : 0.9 * gain
      output[index] = level * (share * repeated + (1 - share) * noise[index])
      energy += output[index] * output[index]
    }
    // Below 30 dB nothing but noise.
    if Double(energy / Float(count)).squareRoot() < 30 { residual = randomness }
    self.residual = residual
  }
}
