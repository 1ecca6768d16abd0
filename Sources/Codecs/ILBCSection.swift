/// One of the two sections of the codebook, laid out for the search: eight inner products with neighbouring vectors are
/// summed side by side, each in the order of its samples.
struct ILBCSection {
  /// The weighted memory, or that filtered.
  let samples: InlineArray<147, Float>
  /// Eight samples from each place on; the first place is eight before the memory.
  private var windows = InlineArray<148, SIMD8<Float>>(repeating: .zero)
  /// The augmented vectors in three groups of eight: sample by sample, one lane each.
  private var augmented = InlineArray<120, SIMD8<Float>>(repeating: .zero)
  private var isAugmented = false
  /// 1 over the energy of each vector, by its place; 0 if it has none.
  private(set) var inverses = InlineArray<128, Float>(repeating: 0)

  init(_ samples: InlineArray<147, Float>) {
    self.samples = samples
    var memory = InlineArray<155, Float>(repeating: 0)
    var padded = memory.mutableSpan
    let source = samples.span
    for index in 0..<147 { padded[index &+ 8] = source[index] }
    var target = windows.mutableSpan
    for index in 0..<148 {
      target[index] = SIMD8(
        padded[index], padded[index &+ 1], padded[index &+ 2], padded[index &+ 3], padded[index &+ 4],
        padded[index &+ 5], padded[index &+ 6], padded[index &+ 7])
    }
  }

  /// Inner products with the plain vectors in `places`, at most 112 of 40 samples.
  func products(
    _ target: Span<Float>, count: Int, _ places: Range<Int>, into products: inout MutableSpan<Float>
  ) {
    let windows = windows.span
    var place = places.lowerBound
    while place < places.upperBound {
      let first = 148 &- count &- place
      var sums = SIMD8<Float>.zero
      for index in 0..<count { sums += windows[first &+ index] * target[index] }
      for lane in 0..<8 { products[place &+ 7 &- lane] = sums[lane] }
      place = place &+ 8
    }
  }

  /// Inner products with the augmented vectors; the first has delay 20.
  mutating func augmentedProducts(_ target: Span<Float>, into products: inout MutableSpan<Float>) {
    augment()
    let augmented = augmented.span
    for group in 0..<3 {
      var sums = SIMD8<Float>.zero
      for index in 0..<40 { sums += augmented[40 &* group &+ index] * target[index] }
      for lane in 0..<8 { products[8 &* group &+ lane] = sums[lane] }
    }
  }

  private mutating func augment() {
    guard !isAugmented else { return }
    isAugmented = true
    var vector = InlineArray<40, Float>(repeating: 0)
    var vectorSpan = vector.mutableSpan
    var target = augmented.mutableSpan
    for number in 0..<20 {
      ILBCCodebook.augment(samples.span, delay: 20 &+ number, into: &vectorSpan)
      let first = 40 &* (number / 8)
      for index in 0..<40 { target[first &+ index][number & 7] = vectorSpan[index] }
    }
  }

  /// Energies of the first plain vectors, each from that of the one before.
  mutating func measure(count: Int, vectors: Int) {
    let samples = samples.span
    var inverses = inverses.mutableSpan
    var energy: Float = 0
    for index in 147 &- count..<147 { energy += samples[index] * samples[index] }
    inverses[0] = Self.inverse(of: energy)
    for place in 1..<vectors {
      let (entering, leaving) = (samples[147 &- count &- place], samples[147 &- place])
      energy = energy + entering * entering - leaving * leaving
      inverses[place] = Self.inverse(of: energy)
    }
  }

  /// Energies of the augmented vectors with delays from `first` on; the plain part of each comes from the one before.
  mutating func measureAugmented(from first: Int, at place: Int) {
    augment()
    let samples = samples.span
    let augmented = augmented.span
    var inverses = inverses.mutableSpan
    var plain: Float = 0
    for index in 148 &- first..<143 { plain += samples[index] * samples[index] }
    for delay in first..<40 {
      let sample = samples[147 &- delay]
      plain += sample * sample
      let number = delay &- 20
      var energy = plain
      for index in delay &- 4..<40 {
        let sample = augmented[40 &* (number / 8) &+ index][number & 7]
        energy += sample * sample
      }
      inverses[place &+ number] = Self.inverse(of: energy)
    }
  }

  private static func inverse(of energy: Float) -> Float { energy > 0 ? 1 / (energy + 2.220446049250313e-16) : 0 }
}
