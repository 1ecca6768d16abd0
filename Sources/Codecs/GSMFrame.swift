/// What a packet says of 20 ms, 160 samples (GSM 06.10, section 1.7).
struct GSMFrame: Sendable {
  /// LARc: of the short-term predictor, 6, 6, 5, 5, 4, 4, 3 and 3 bits.
  var ratios = InlineArray<8, UInt8>(repeating: 0)
  var subframes = InlineArray<4, GSMSubframe>(repeating: GSMSubframe())

  /// Places of the ratios in the lowest 36 bits of the first five octets.
  @inline(__always)
  private static var shifts: InlineArray<8, UInt64> { [30, 24, 19, 14, 10, 6, 3, 0] }
  @inline(__always)
  private static var masks: InlineArray<8, UInt8> { [63, 63, 31, 31, 15, 15, 7, 7] }

  init() {}

  /// From the 33 octets at a place.
  init(_ payload: Span<UInt8>, at place: Int) {
    let octets = payload.extracting(place..<place &+ GSMPacket.frameOctets)
    var word: UInt64 = 0
    for index in 0..<5 { word = word &<< 8 | UInt64(octets[index]) }
    let (shifts, masks) = (Self.shifts, Self.masks)
    for index in 0..<8 { ratios[index] = UInt8(truncatingIfNeeded: word &>> shifts[index]) & masks[index] }
    for subframe in 0..<4 {
      word = 0
      for index in 0..<7 { word = word &<< 8 | UInt64(octets[5 &+ 7 &* subframe &+ index]) }
      subframes[subframe] = GSMSubframe(word: word)
    }
  }

  /// Writes the 33 octets to a place.
  func write(into payload: inout MutableSpan<UInt8>, at place: Int) {
    var octets = payload._mutatingExtracting(place..<place &+ GSMPacket.frameOctets)
    // The signature.
    var word: UInt64 = 0xD &<< 36
    let shifts = Self.shifts
    for index in 0..<8 { word |= UInt64(ratios[index]) &<< shifts[index] }
    for index in 0..<5 { octets[index] = UInt8(truncatingIfNeeded: word &>> (32 &- 8 &* UInt64(index))) }
    for subframe in 0..<4 {
      word = subframes[subframe].word
      for index in 0..<7 {
        octets[5 &+ 7 &* subframe &+ index] = UInt8(truncatingIfNeeded: word &>> (48 &- 8 &* UInt64(index)))
      }
    }
  }

  /// One more frame of a loss: the block amplitudes go down by 4 steps (GSM 06.11, section 4), and so does the gain of the
  /// long-term predictor by one, without which a voice would ring on by itself.
  mutating func mute() {
    for index in 0..<4 {
      let (amplitude, gain) = (subframes[index].amplitude, subframes[index].gain)
      subframes[index].amplitude = amplitude > 4 ? amplitude &- 4 : 0
      subframes[index].gain = gain > 0 ? gain &- 1 : 0
    }
  }
}
