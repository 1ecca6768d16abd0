import CGSM

/// A GSM 06.10 full-rate decoder (RFC 3551, section 4.5.8). One owner uses it at a time.
///
/// The library conceals nothing, so lost frames are substituted and muted here as GSM 06.11 has it.
@safe package final class GSMDecoder {
  /// Lost frames in a row after which there is silence: 320 ms (GSM 06.11, section 3).
  private static let silentAfter = 16
  private let state: gsm
  /// The last good frame; the library asks for memory that it may write to.
  private let input: UnsafeMutablePointer<UInt8>
  private var last = InlineArray<33, UInt8>(repeating: 0)
  /// Frames in a row; silent until the first good one.
  private var lost = 16

  package init() throws(CodecError) {
    guard let state = unsafe gsm_create() else { throw .library(0) }
    unsafe self.state = unsafe state
    unsafe input = UnsafeMutablePointer<UInt8>.allocate(capacity: GSMPacket.frameOctets)
    unsafe input.initialize(repeating: 0, count: GSMPacket.frameOctets)
  }

  deinit {
    unsafe gsm_destroy(state)
    unsafe input.deallocate()
  }

  /// Decodes the frames of a packet that fit into the span; returns samples, 0 if the packet is badly framed.
  package func decode(_ payload: Span<UInt8>, into samples: inout MutableSpan<Int16>) -> Int {
    guard let duration = GSMPacket.duration(payload) else { return 0 }
    let frames = min(duration, samples.count) / GSMPacket.frameSamples
    for frame in 0..<frames {
      let start = frame &* GSMPacket.frameOctets
      // A local copy: each access to what an object holds is checked.
      var good = last
      for index in 0..<GSMPacket.frameOctets { good[index] = payload[start &+ index] }
      last = good
      decodeLast(into: &samples, frame: frame)
      lost = 0
    }
    return frames &* GSMPacket.frameSamples
  }

  /// Makes up for `count` lost samples, in whole frames; returns samples.
  package func conceal(samples count: Int, into samples: inout MutableSpan<Int16>) -> Int {
    let frames = min(count, samples.count) / GSMPacket.frameSamples
    guard frames > 0 else { return 0 }
    for frame in 0..<frames {
      if lost >= Self.silentAfter {
        let start = frame &* GSMPacket.frameSamples
        for index in 0..<GSMPacket.frameSamples { samples[start &+ index] = 0 }
        continue
      }
      // The first lost frame is the last good one again.
      if lost > 0 { GSMPacket.mute(&last) }
      lost = lost &+ 1
      decodeLast(into: &samples, frame: frame)
    }
    return frames &* GSMPacket.frameSamples
  }

  private func decodeLast(into samples: inout MutableSpan<Int16>, frame: Int) {
    let octets = last
    for index in 0..<GSMPacket.frameOctets { unsafe input[index] = octets[index] }
    unsafe samples.withUnsafeMutableBufferPointer { output in
      guard let pointer = output.baseAddress else { return }
      _ = unsafe gsm_decode(state, input, pointer + frame &* GSMPacket.frameSamples)
    }
  }
}
