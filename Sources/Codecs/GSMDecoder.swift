/// A GSM 06.10 full-rate decoder (RFC 3551, section 4.5.8). A value: a copy is a fork.
///
/// Lost frames are substituted and muted as GSM 06.11 has it.
package struct GSMDecoder: Sendable {
  /// Lost frames in a row after which there is silence: 320 ms (GSM 06.11, section 3).
  private static let silentAfter = 16
  /// The last good frame.
  private var last = GSMFrame()
  /// Frames in a row; silent until the first good one.
  private var lost = 16
  private var shortTerm = GSMShortTerm()
  private var synthesis = GSMSynthesis()
  /// drp: the excitation.
  private var past = InlineArray<120, Int16>(repeating: 0)
  /// nrp: the lag that stands in for one that cannot be.
  private var lag = 40

  package init() {}

  /// Decodes the frames of a packet that fit into the span; returns samples, 0 if the packet is badly framed.
  package mutating func decode(_ payload: Span<UInt8>, into samples: inout MutableSpan<Int16>) -> Int {
    guard let duration = GSMPacket.duration(payload) else { return 0 }
    let frames = min(duration, samples.count) / GSMPacket.frameSamples
    for frame in 0..<frames {
      last = GSMFrame(payload, at: frame &* GSMPacket.frameOctets)
      decodeLast(into: &samples, at: frame &* GSMPacket.frameSamples)
      lost = 0
    }
    return frames &* GSMPacket.frameSamples
  }

  /// Makes up for `count` lost samples, in whole frames; returns samples.
  package mutating func conceal(samples count: Int, into samples: inout MutableSpan<Int16>) -> Int {
    let frames = min(count, samples.count) / GSMPacket.frameSamples
    guard frames > 0 else { return 0 }
    for frame in 0..<frames {
      let start = frame &* GSMPacket.frameSamples
      if lost >= Self.silentAfter {
        for index in 0..<GSMPacket.frameSamples { samples[start &+ index] = 0 }
        continue
      }
      // The first lost frame is the last good one again.
      if lost > 0 { last.mute() }
      lost = lost &+ 1
      decodeLast(into: &samples, at: start)
    }
    return frames &* GSMPacket.frameSamples
  }

  private mutating func decodeLast(into samples: inout MutableSpan<Int16>, at place: Int) {
    var windowStore = InlineArray<280, Int16>(repeating: 0)
    var window = windowStore.mutableSpan
    do {
      let past = past.span
      for index in 0..<120 { window[index] = past[index] }
    }
    for index in 0..<4 {
      let subframe = last.subframes[index]
      if (40...120).contains(subframe.lag) { lag = Int(subframe.lag) }
      Self.excite(&window, at: index &* GSMSubframe.samples, subframe, lag: lag)
    }
    do {
      var past = past.mutableSpan
      for index in 0..<120 { past[index] = window[160 &+ index] }
    }
    var output = samples._mutatingExtracting(place..<place &+ GSMPacket.frameSamples)
    synthesis.filter(
      window.span.extracting(last: GSMPacket.frameSamples), shortTerm.coefficients(last.ratios), into: &output)
  }

  /// 40 samples of the excitation, whose past begins at a place of the window.
  private static func excite(
    _ window: inout MutableSpan<Int16>, at place: Int, _ subframe: GSMSubframe, lag: Int
  ) {
    var window = window._mutatingExtracting(place..<place &+ 160)
    let prediction = GSMLongTerm.predict(lag: lag, gain: subframe.gain, from: window.span)
    let pulses = GSMPulses.decode(subframe)
    let (foretold, excitation) = (prediction.span, pulses.span)
    for index in 0..<GSMSubframe.samples {
      window[GSMLongTerm.past &+ index] = Int16(clamping: Int32(excitation[index]) &+ Int32(foretold[index]))
    }
  }
}
