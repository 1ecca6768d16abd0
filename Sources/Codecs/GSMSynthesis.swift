/// The short-term synthesis filter of the decoder, a lattice of eight stages, and the de-emphasis behind it (GSM 06.10, sections
/// 5.3.4 and 5.3.5).
struct GSMSynthesis: Sendable {
  /// v, of the stages.
  private var memory = InlineArray<8, Int32>(repeating: 0)
  /// msr: the sample before, de-emphasised.
  private var past: Int32 = 0

  /// 160 samples from the excitation.
  ///
  /// - Parameter coefficients: of each part of the frame (see `GSMShortTerm`).
  mutating func filter(
    _ excitation: Span<Int16>, _ coefficients: InlineArray<4, SIMD8<Int16>>, into samples: inout MutableSpan<Int16>
  ) {
    let excitation = excitation.extracting(first: GSMPacket.frameSamples)
    var samples = samples._mutatingExtracting(first: GSMPacket.frameSamples)
    let ends = GSMShortTerm.ends
    var memory = memory
    var past = past
    var place = 0
    for part in 0..<4 {
      var coefficient = InlineArray<8, Int32>(repeating: 0)
      for index in 0..<8 { coefficient[index] = Int32(coefficients[part][index]) }
      let end = ends[part]
      while place < end {
        let input = Int32(excitation[place])
        let value = Self.step(&memory, input, coefficient)
        past = GSMArithmetic.saturate(value &+ GSMArithmetic.product(past, 28_180))
        samples[place] = Int16(truncatingIfNeeded: GSMArithmetic.saturate(past &<< 1) & -8)
        place = place &+ 1
      }
    }
    (self.memory, self.past) = (memory, past)
  }

  /// One sample. As a rule nothing saturates; where something would have, all is done again with care.
  ///
  /// Stage by stage, without a loop: so all of it stays in registers.
  @inline(__always)
  private static func step(
    _ memory: inout InlineArray<8, Int32>, _ input: Int32, _ coefficient: InlineArray<8, Int32>
  ) -> Int32 {
    var value = input &- GSMArithmetic.product(coefficient[7], memory[7])
    var excess = UInt32(bitPattern: value &+ 32_768)
    let seventh = stage(memory[6], coefficient[6], &value, &excess)
    let sixth = stage(memory[5], coefficient[5], &value, &excess)
    let fifth = stage(memory[4], coefficient[4], &value, &excess)
    let fourth = stage(memory[3], coefficient[3], &value, &excess)
    let third = stage(memory[2], coefficient[2], &value, &excess)
    let second = stage(memory[1], coefficient[1], &value, &excess)
    let first = stage(memory[0], coefficient[0], &value, &excess)
    guard excess < 65_536 else { return saturatingStep(&memory, input, coefficient) }
    memory = [value, first, second, third, fourth, fifth, sixth, seventh]
    return value
  }

  /// Returns what the next stage keeps; `excess` gets a bit above the 16th if anything left its range.
  @inline(__always)
  private static func stage(
    _ memory: Int32, _ coefficient: Int32, _ value: inout Int32, _ excess: inout UInt32
  ) -> Int32 {
    value = value &- GSMArithmetic.product(coefficient, memory)
    let kept = memory &+ GSMArithmetic.product(coefficient, value)
    excess |= UInt32(bitPattern: value &+ 32_768) | UInt32(bitPattern: kept &+ 32_768)
    return kept
  }

  @inline(never)
  private static func saturatingStep(
    _ memory: inout InlineArray<8, Int32>, _ input: Int32, _ coefficient: InlineArray<8, Int32>
  ) -> Int32 {
    var value = input
    for stage in 0..<8 {
      let index = 7 &- stage
      value = GSMArithmetic.saturate(value &- GSMArithmetic.product(coefficient[index], memory[index]))
      if index < 7 {
        memory[index &+ 1] = GSMArithmetic.saturate(memory[index] &+ GSMArithmetic.product(coefficient[index], value))
      }
    }
    memory[0] = value
    return value
  }
}
