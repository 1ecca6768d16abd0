import CGSM

/// A GSM 06.10 full-rate encoder, 13 kbit/s at 8 kHz (RFC 3551, section 4.5.8). One owner uses it at a time.
@safe package final class GSMEncoder {
  private let state: gsm
  /// One frame: the library asks for memory that it may write to.
  private let input: UnsafeMutablePointer<Int16>

  package convenience init() throws(CodecError) {
    try unsafe self.init(state: gsm_create())
  }

  /// Owns the state.
  private init(state: gsm?) throws(CodecError) {
    guard let state = unsafe state else { throw .library(0) }
    unsafe self.state = unsafe state
    unsafe input = UnsafeMutablePointer<Int16>.allocate(capacity: GSMPacket.frameSamples)
    unsafe input.initialize(repeating: 0, count: GSMPacket.frameSamples)
  }

  deinit {
    unsafe gsm_destroy(state)
    unsafe input.deallocate()
  }

  /// A second encoder in the same state: the next packets of both are the same for the same samples.
  package func fork() throws(CodecError) -> GSMEncoder { try unsafe GSMEncoder(state: trialogue_gsm_copy(state)) }

  /// Codes whole frames of 160 samples; returns octets, 0 if they do not fit or the length is no multiple of a frame.
  package func encode(_ samples: Span<Int16>, into payload: inout MutableSpan<UInt8>) -> Int {
    let frames = samples.count / GSMPacket.frameSamples
    guard frames > 0, frames <= GSMPacket.maximumFrames, samples.count == frames * GSMPacket.frameSamples,
      frames * GSMPacket.frameOctets <= payload.count
    else { return 0 }
    return unsafe payload.withUnsafeMutableBufferPointer { output -> Int in
      guard let octets = output.baseAddress else { return 0 }
      for frame in 0..<frames {
        let start = frame &* GSMPacket.frameSamples
        for index in 0..<GSMPacket.frameSamples { unsafe input[index] = samples[start &+ index] }
        unsafe gsm_encode(state, input, octets + frame &* GSMPacket.frameOctets)
      }
      return frames &* GSMPacket.frameOctets
    }
  }
}
