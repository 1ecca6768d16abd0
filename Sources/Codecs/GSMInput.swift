/// What the encoder does to its input first: 13 bits, without direct current, with the high tones raised (GSM 06.10, section 5.2.1
/// to 5.2.3).
struct GSMInput: Sendable {
  /// z1: the sample before, cut to 13 bits.
  private var past: Int32 = 0
  /// L_z2: the output of the notch filter, Q15. It stays within 31 bits.
  private var level: Int32 = 0
  /// mp: the output before pre-emphasis.
  private var emphasised: Int32 = 0

  /// 160 samples from a place.
  mutating func process(_ samples: Span<Int16>, at place: Int, into signal: inout MutableSpan<Int16>) {
    let samples = samples.extracting(place..<place &+ GSMPacket.frameSamples)
    var signal = signal._mutatingExtracting(first: GSMPacket.frameSamples)
    var (past, level, emphasised) = (past, level, emphasised)
    for index in 0..<GSMPacket.frameSamples {
      let sample = Int32(samples[index] &>> 3) &<< 2
      let leak = (Int64(level) &* 32_735 &+ 16_384) &>> 15
      level = Int32(truncatingIfNeeded: leak) &+ (sample &- past) &<< 15
      past = sample
      let steady = (level &+ 16_384) &>> 15
      let value = steady &+ GSMArithmetic.product(emphasised, -28_180)
      emphasised = steady
      signal[index] = Int16(truncatingIfNeeded: GSMArithmetic.saturate(value))
    }
    (self.past, self.level, self.emphasised) = (past, level, emphasised)
  }
}
