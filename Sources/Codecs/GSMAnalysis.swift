/// The short-term analysis filter of the encoder: a lattice of eight stages (GSM 06.10, section 5.2.10).
///
/// A sample passes the stages one after the other, and each stage waits for the one before. So all eight work at once, each on the
/// sample behind the one that the stage before it has: lane 0 holds the latest sample, lane 7 the one that comes out.
struct GSMAnalysis: Sendable {
  /// u: what each stage took of the sample before.
  private var memory = SIMD8<Int16>.zero

  @inline(__always)
  private static var lanes: SIMD8<Int16> { [0, 1, 2, 3, 4, 5, 6, 7] }

  /// Replaces 160 samples by what the prediction leaves of them.
  ///
  /// - Parameter coefficients: of each part of the frame (see `GSMShortTerm`).
  mutating func filter(_ signal: inout MutableSpan<Int16>, _ coefficients: InlineArray<4, SIMD8<Int16>>) {
    var signal = signal._mutatingExtracting(first: GSMPacket.frameSamples)
    let ends = GSMShortTerm.ends
    var memory = memory
    // Forward and backward error between the stages.
    var (forward, backward) = (SIMD8<Int16>.zero, SIMD8<Int16>.zero)
    var coefficient = SIMD8<Int16>.zero
    var place = 0
    for part in 0..<4 {
      let next = coefficients[part]
      for step in 0..<ends[part] &- place {
        // A part's coefficients go from stage to stage with its first sample.
        if step < 8 {
          coefficient.replace(with: next, where: Self.lanes .<= Int16(truncatingIfNeeded: step))
        }
        forward = Self.shifted(forward, signal[place])
        backward = Self.shifted(backward, signal[place])
        let kept = memory
        // Stages that the frame has not reached keep what they have.
        if place < 7 {
          memory.replace(with: backward, where: Self.lanes .<= Int16(truncatingIfNeeded: place))
        } else {
          memory = backward
        }
        backward = Self.sum(kept, coefficient, forward)
        forward = Self.sum(forward, coefficient, kept)
        if place >= 7 { signal[place &- 7] = forward[7] }
        place = place &+ 1
      }
    }
    // The last samples leave the stages one by one.
    for step in 0..<7 {
      forward = Self.shifted(forward, 0)
      backward = Self.shifted(backward, 0)
      let kept = memory
      memory.replace(with: backward, where: Self.lanes .> Int16(truncatingIfNeeded: step))
      backward = Self.sum(kept, coefficient, forward)
      forward = Self.sum(forward, coefficient, kept)
      signal[GSMPacket.frameSamples &- 7 &+ step] = forward[7]
    }
    self.memory = memory
  }

  @inline(__always)
  private static func shifted(_ lanes: SIMD8<Int16>, _ first: Int16) -> SIMD8<Int16> {
    SIMD8(first, lanes[0], lanes[1], lanes[2], lanes[3], lanes[4], lanes[5], lanes[6])
  }

  @inline(__always)
  private static func sum(_ value: SIMD8<Int16>, _ left: SIMD8<Int16>, _ right: SIMD8<Int16>) -> SIMD8<Int16> {
    var result = SIMD8<Int16>.zero
    for lane in 0..<8 {
      let product = GSMArithmetic.product(Int32(left[lane]), Int32(right[lane]))
      result[lane] = Int16(truncatingIfNeeded: GSMArithmetic.saturate(Int32(value[lane]) &+ product))
    }
    return result
  }
}
