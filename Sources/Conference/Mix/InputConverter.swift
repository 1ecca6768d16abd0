import Audio

/// Brings 20 ms frames of one source to the room's rate; in the tick of a rate change to both rates.
struct InputConverter: Sendable {
  let sourceRate: Int
  private var current: RateConverter
  private var former: RateConverter?

  init(from sourceRate: Int, to rates: RateSwitch) {
    self.sourceRate = sourceRate
    current = RateConverter(from: sourceRate, to: rates.rate)
    former = rates.former.map { RateConverter(from: sourceRate, to: $0) }
  }

  /// Call before each tick's first frame.
  mutating func follow(_ rates: RateSwitch) {
    if rates.rate != current.outputRate {
      former = rates.former == current.outputRate ? current : nil
      current = RateConverter(from: sourceRate, to: rates.rate)
    } else if rates.former == nil {
      former = nil
    }
  }

  mutating func convert(_ input: Span<Int16>, into output: inout MutableSpan<Int16>) {
    current.convert(input, into: &output)
  }

  /// The same frame at the rate that the room is about to leave.
  mutating func convertFormer(_ input: Span<Int16>, into output: inout MutableSpan<Int16>) {
    if former == nil {
      for index in output.indices { output[index] = 0 }
    } else {
      former?.convert(input, into: &output)
    }
  }
}
