/// The search for the three vectors and gains that come nearest to a segment (RFC 3951, sections 3.6.2 to 3.7).
enum ILBCCodebookSearch {
  /// The best vector so far.
  private struct Choice {
    var vector = 0
    var gain: Float = 0
    private var measure: Float = -10_000_000

    /// - Parameter positive: the first stage's gain has no sign.
    mutating func consider(_ vector: Int, product: Float, inverse: Float, positive: Bool) {
      guard !positive || product > 0 else { return }
      let measure = product * product * inverse
      let gain = product * inverse
      guard measure > self.measure, gain.magnitude < ILBCGain.limit else { return }
      self = Choice(vector: vector, gain: gain, measure: measure)
    }

    init() {}

    private init(vector: Int, gain: Float, measure: Float) {
      self.vector = vector
      self.gain = gain
      self.measure = measure
    }
  }

  static func search(
    for residual: Span<Float>, _ segment: ILBCSegment, memory: Span<Float>, weighting: ILBCFilter
  ) -> ILBCStages {
    var (targetStore, weighted) = weigh(residual, segment, memory: memory, by: weighting)
    var target = targetStore.mutableSpan
    let energy = energy(of: target.span, segment)
    let isWhole = segment.count == 40
    let total = isWhole ? segment.plainVectors : 58
    var base = ILBCSection(weighted)
    base.measure(count: segment.count, vectors: total)
    if isWhole { base.measureAugmented(from: 20, at: segment.plainVectors) }
    weighted = ILBCCodebook.filtered(base.samples.span, last: 147)
    var expanded = ILBCSection(weighted)
    expanded.measure(count: segment.count, vectors: total)

    var stages = ILBCStages()
    var codedStore = InlineArray<40, Float>(repeating: 0)
    var coded = codedStore.mutableSpan
    var vectorStore = InlineArray<40, Float>(repeating: 0)
    var vector = vectorStore.mutableSpan
    var gain: Float = 1
    var firstGain: Float = 1
    for stage in 0..<3 {
      let range = segment.number == 1 && stage > 0 ? 44 : total
      var choice = Choice()
      consider(&base, 0..<range, isWhole ? 20 : 40, for: target.span, segment, offset: 0, stage, &choice)
      let (places, delay) = neighbourhood(of: choice.vector, segment, range: range)
      if delay < 40 { expanded.measureAugmented(from: delay, at: segment.plainVectors) }
      consider(&expanded, places, delay, for: target.span, segment, offset: segment.vectors, stage, &choice)

      let wanted = stage == 0 ? min(max(choice.gain, 0), ILBCGain.limit) : choice.gain
      let code = ILBCGain.code(wanted, stage: stage, former: gain)
      gain = ILBCGain.value(code, stage: stage, former: gain)
      if stage == 0 { firstGain = gain }
      stages.vectors[stage] = UInt8(truncatingIfNeeded: choice.vector)
      stages.gains[stage] = code
      if choice.vector < segment.vectors {
        ILBCCodebook.cut(choice.vector, segment, from: base.samples.span, into: &vector)
      } else {
        ILBCCodebook.cut(choice.vector &- segment.vectors, segment, from: expanded.samples.span, into: &vector)
      }
      for index in 0..<segment.count {
        coded[index] += gain * vector[index]
        target[index] -= gain * vector[index]
      }
    }
    stages.gains[0] = corrected(
      stages.gains[0], gain: firstGain, wanted: energy, found: Self.energy(of: coded.span, segment))
    return stages
  }

  /// Target and memory as they are heard: filtered in one go, from silence (section 3.6.2).
  private static func weigh(
    _ residual: Span<Float>, _ segment: ILBCSegment, memory: Span<Float>, by filter: ILBCFilter
  ) -> (InlineArray<40, Float>, InlineArray<147, Float>) {
    var signal = InlineArray<197, Float>(repeating: 0)
    var span = signal.mutableSpan
    for index in 0..<147 { span[index &+ 10] = memory[index] }
    for index in 0..<segment.count { span[index &+ 157] = residual[index] }
    // Before what is known are zeros, and they stay that.
    filter.synthesise(&span, 157 &- segment.known..<157 &+ segment.count)
    var target = InlineArray<40, Float>(repeating: 0)
    var weighted = InlineArray<147, Float>(repeating: 0)
    var weightedSpan = weighted.mutableSpan
    for index in 0..<147 { weightedSpan[index] = span[index &+ 10] }
    var targetSpan = target.mutableSpan
    for index in 0..<segment.count { targetSpan[index] = span[index &+ 157] }
    return (target, weighted)
  }

  private static func energy(of samples: Span<Float>, _ segment: ILBCSegment) -> Float {
    var energy: Float = 0
    for index in 0..<segment.count { energy += samples[index] * samples[index] }
    return energy
  }

  /// Tries a section's plain vectors in `places`, then the augmented ones from a delay on; 40 is none.
  private static func consider(
    _ section: inout ILBCSection, _ places: Range<Int>, _ delay: Int, for target: Span<Float>,
    _ segment: ILBCSegment, offset: Int, _ stage: Int, _ choice: inout Choice
  ) {
    var productStore = InlineArray<128, Float>(repeating: 0)
    var products = productStore.mutableSpan
    section.products(target, count: segment.count, places, into: &products)
    for place in places {
      choice.consider(
        offset &+ place, product: products[place], inverse: section.inverses[place], positive: stage == 0)
    }
    guard delay < 40 else { return }
    var augmentedStore = InlineArray<24, Float>(repeating: 0)
    var augmented = augmentedStore.mutableSpan
    section.augmentedProducts(target, into: &augmented)
    for delay in delay..<40 {
      let place = segment.plainVectors &+ delay &- 20
      choice.consider(
        offset &+ place, product: augmented[delay &- 20], inverse: section.inverses[place], positive: stage == 0)
    }
  }

  /// Which vectors of the second section are tried: 34 around the best one of the first. The augmented ones, whose
  /// first delay is given (40 for none), come behind the plain ones' end, and the order goes round.
  private static func neighbourhood(
    of vector: Int, _ segment: ILBCSegment, range: Int
  ) -> (places: Range<Int>, delay: Int) {
    let first = vector &- 17
    guard segment.count == 40 else {
      let start = first < 0 ? 0 : min(first, range &- 34)
      return (start..<start &+ 34, 40)
    }
    if first < 0 { return (0..<first &+ 34, 40 &+ first) }
    if vector < segment.plainVectors {
      let start = min(first, range &- 34)
      return (start..<start &+ 34, 40)
    }
    let delay = 20 &+ max(first &- segment.plainVectors, 0)
    return (0..<delay &- 6, delay)
  }

  /// The first gain, greater if that brings the segment nearer to its energy, and at most doubled (section 3.7).
  private static func corrected(_ code: UInt8, gain: Float, wanted: Float, found: Float) -> UInt8 {
    let levels = ILBCGain.first
    var best = Int(code)
    for index in Int(code)..<32 {
      let energy = found * levels[index] * levels[index]
      if energy < wanted * gain * gain, levels[best] < 2 * gain { best = index }
    }
    return UInt8(truncatingIfNeeded: best)
  }
}
