/// A GSM 06.10 full-rate encoder, 13 kbit/s at 8 kHz (RFC 3551, section 4.5.8). A value: a copy is a fork.
package struct GSMEncoder: Sendable {
  private var input = GSMInput()
  private var shortTerm = GSMShortTerm()
  private var analysis = GSMAnalysis()
  /// dp: the residual as the decoder makes it.
  private var past = InlineArray<120, Int16>(repeating: 0)

  package init() {}

  /// Codes whole frames of 160 samples; returns octets, 0 if they do not fit or the length is no multiple of a frame.
  package mutating func encode(_ samples: Span<Int16>, into payload: inout MutableSpan<UInt8>) -> Int {
    let frames = samples.count / GSMPacket.frameSamples
    guard frames > 0, frames <= GSMPacket.maximumFrames, samples.count == frames * GSMPacket.frameSamples,
      frames * GSMPacket.frameOctets <= payload.count
    else { return 0 }
    for frame in 0..<frames {
      encode(samples, at: frame &* GSMPacket.frameSamples).write(into: &payload, at: frame &* GSMPacket.frameOctets)
    }
    return frames &* GSMPacket.frameOctets
  }

  private mutating func encode(_ samples: Span<Int16>, at place: Int) -> GSMFrame {
    var frame = GSMFrame()
    var signalStore = InlineArray<160, Int16>(repeating: 0)
    var signal = signalStore.mutableSpan
    input.process(samples, at: place, into: &signal)
    frame.ratios = GSMShortTerm.codes(&signal)
    analysis.filter(&signal, shortTerm.coefficients(frame.ratios))
    var windowStore = InlineArray<280, Int16>(repeating: 0)
    var window = windowStore.mutableSpan
    do {
      let past = past.span
      for index in 0..<120 { window[index] = past[index] }
    }
    for index in 0..<4 {
      let start = index &* GSMSubframe.samples
      frame.subframes[index] = Self.encode(
        signal.span.extracting(start..<start &+ GSMSubframe.samples), window: &window, at: start)
    }
    var past = past.mutableSpan
    for index in 0..<120 { past[index] = window[160 &+ index] }
    return frame
  }

  /// 40 samples, whose past begins at a place of the window.
  private static func encode(
    _ residual: Span<Int16>, window: inout MutableSpan<Int16>, at place: Int
  ) -> GSMSubframe {
    var window = window._mutatingExtracting(place..<place &+ 160)
    var subframe = GSMSubframe()
    (subframe.lag, subframe.gain) = GSMLongTerm.search(residual, in: window.span)
    let prediction = GSMLongTerm.predict(lag: Int(subframe.lag), gain: subframe.gain, from: window.span)
    let foretold = prediction.span
    var errorStore = GSMPulses.Window(repeating: 0)
    var error = errorStore.mutableSpan
    for index in 0..<GSMSubframe.samples {
      error[index &+ 5] = Int16(clamping: Int32(residual[index]) &- Int32(foretold[index]))
    }
    GSMPulses.encode(error.span, into: &subframe)
    let pulses = GSMPulses.decode(subframe)
    let excitation = pulses.span
    for index in 0..<GSMSubframe.samples {
      window[GSMLongTerm.past &+ index] = Int16(clamping: Int32(excitation[index]) &+ Int32(foretold[index]))
    }
    return subframe
  }
}
