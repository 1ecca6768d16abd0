/// The adaptive codebook: vectors cut from what is decoded already (RFC 3951, sections 3.6.3 and 4.4).
///
/// It has two sections, the memory as it is and the memory filtered. In each, vector n ends n samples before the
/// memory's end; for a whole sub-block 20 more repeat its last 20 to 39 samples.
enum ILBCCodebook {
  /// A segment from its three vectors and their gains.
  static func decode(
    _ stages: ILBCStages, _ segment: ILBCSegment, memory: Span<Float>
  ) -> InlineArray<40, Float> {
    var result = InlineArray<40, Float>(repeating: 0)
    var output = result.mutableSpan
    var cutting = InlineArray<40, Float>(repeating: 0)
    var vector = cutting.mutableSpan
    var gain: Float = 1
    for stage in 0..<3 {
      gain = ILBCGain.value(stages.gains[stage], stage: stage, former: gain)
      var place = Int(stages.vectors[stage])
      if place < segment.vectors {
        cut(place, segment, from: memory, into: &vector)
      } else {
        // A short segment's codebook has 126 vectors, and 7 bits can name two more.
        place = min(place &- segment.vectors, segment.vectors &- 1)
        let longest = place < segment.plainVectors ? segment.count &+ place : 45 &+ 20 &+ place &- segment.plainVectors
        let section = filtered(memory, last: longest)
        cut(place, segment, from: section.span, into: &vector)
      }
      for index in 0..<segment.count { output[index] += gain * vector[index] }
    }
    return result
  }

  /// A vector of one section, by its place in it.
  static func cut(
    _ place: Int, _ segment: ILBCSegment, from section: Span<Float>, into vector: inout MutableSpan<Float>
  ) {
    if place < segment.plainVectors {
      let first = 147 &- segment.count &- place
      for index in 0..<segment.count { vector[index] = section[first &+ index] }
    } else {
      augment(section, delay: 20 &+ place &- segment.plainVectors, into: &vector)
    }
  }

  /// The last `delay` samples twice, with five of them faded over into the second time (section 3.6.3.3).
  static func augment(_ section: Span<Float>, delay: Int, into vector: inout MutableSpan<Float>) {
    let first = 147 &- delay
    for index in 0..<delay { vector[index] = section[first &+ index] }
    var weight: Float = 0
    for index in delay &- 5..<delay {
      vector[index] = (1 - weight) * section[first &+ index] + weight * section[first &- delay &+ index]
      weight += 0.2
    }
    for index in delay..<40 { vector[index] = section[first &- delay &+ index] }
  }

  /// The second section's memory, as far as its last samples are wanted (section 3.6.3.2).
  static func filtered(_ memory: Span<Float>, last count: Int) -> InlineArray<147, Float> {
    let taps: InlineArray<8, Float> = [
      -0.033691, 0.083740, -0.144043, 0.713379, 0.806152, -0.184326, 0.108887, -0.034180,
    ]
    var signal = InlineArray<154, Float>(repeating: 0)
    var padded = signal.mutableSpan
    for index in 0..<147 { padded[index &+ 3] = memory[index] }
    var result = InlineArray<147, Float>(repeating: 0)
    var output = result.mutableSpan
    for index in max(147 &- count, 0)..<147 {
      var sum: Float = 0
      for tap in 0..<8 { sum += padded[index &+ tap] * taps[tap] }
      output[index] = sum
    }
    return result
  }
}
