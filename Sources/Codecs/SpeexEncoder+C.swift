import CSpeex

/// A Speex encoder (RFC 5574) at 8, 16 or 32 kHz. One owner uses it at a time.
///
/// It cannot be forked: libspeex spreads its state over several blocks of memory that point to each other.
@safe package final class SpeexEncoder {
  /// Hertz: 8,000, 16,000 or 32,000.
  package let sampleRate: Int
  /// Samples of a frame: 20 ms.
  package let frameLength: Int
  private let state: UnsafeMutableRawPointer
  /// One frame: the library may write over what it codes.
  private let input: UnsafeMutablePointer<Int16>
  private var bits = unsafe SpeexBits()
  private let takesAnyMode: Bool

  /// - Parameters:
  ///   - parameters: `mode` gives the quality, `vbr` and `cng` are heeded where the receiver takes any mode.
  ///   - complexity: 1 (fast) to 10 (best).
  package init(sampleRate: Int, parameters: SpeexParameters = SpeexParameters(), complexity: Int) throws(CodecError) {
    guard let mode = SpeexLibrary.mode(sampleRate) else { throw .unsupportedSampleRate(sampleRate) }
    guard let state = unsafe speex_encoder_init(speex_lib_get_mode(mode)) else { throw .library(0) }
    unsafe self.state = unsafe state
    self.sampleRate = sampleRate
    frameLength = sampleRate / 50
    unsafe input = UnsafeMutablePointer<Int16>.allocate(capacity: sampleRate / 50)
    takesAnyMode = parameters.takesAnyMode
    unsafe input.initialize(repeating: 0, count: frameLength)
    unsafe speex_bits_init(&bits)
    set(quality: parameters.quality(sampleRate: sampleRate))
    set(complexity: complexity)
    if takesAnyMode {
      control(SPEEX_SET_VBR, parameters.bitRate == .variable ? 1 : 0)
      control(SPEEX_SET_VAD, parameters.bitRate == .voiceActivity || parameters.comfortNoise ? 1 : 0)
      control(SPEEX_SET_DTX, parameters.comfortNoise ? 1 : 0)
    }
  }

  deinit {
    unsafe speex_encoder_destroy(state)
    unsafe speex_bits_destroy(&bits)
    unsafe input.deallocate()
  }

  /// Codes whole frames into one packet; returns octets, 0 if there is nothing to send (DTX), the packet does not fit or the
  /// length is no multiple of a frame.
  package func encode(_ samples: Span<Int16>, into payload: inout MutableSpan<UInt8>) -> Int {
    let frames = samples.count / frameLength
    guard frames > 0, frames <= SpeexPacket.maximumFrames, samples.count == frames * frameLength else { return 0 }
    unsafe speex_bits_reset(&bits)
    var isWorthSending = false
    for frame in 0..<frames {
      for index in 0..<frameLength { unsafe input[index] = samples[frame &* frameLength &+ index] }
      if unsafe speex_encode_int(state, input, &bits) != 0 { isWorthSending = true }
    }
    guard isWorthSending, unsafe Int(speex_bits_nbytes(&bits)) <= payload.count else { return 0 }
    // Fills the last octet up with a zero and ones (RFC 5574, section 3.3).
    return unsafe payload.withUnsafeMutableBufferPointer { output -> Int in
      guard let octets = output.baseAddress else { return 0 }
      return unsafe octets.withMemoryRebound(to: CChar.self, capacity: output.count) {
        Int(unsafe speex_bits_write(&bits, $0, Int32(clamping: output.count)))
      }
    }
  }

  /// 0 to 10. Not for a receiver that takes only some modes.
  package func set(quality: Int) {
    let quality = min(max(quality, 0), 10)
    control(SPEEX_SET_QUALITY, Int32(quality))
    var wish = Float(quality)
    _ = unsafe speex_encoder_ctl(state, SPEEX_SET_VBR_QUALITY, &wish)
  }

  /// 1 to 10.
  package func set(complexity: Int) { control(SPEEX_SET_COMPLEXITY, Int32(min(max(complexity, 1), 10))) }

  /// Whether nothing is sent in pauses.
  package func set(dtx: Bool) {
    guard takesAnyMode else { return }
    control(SPEEX_SET_VAD, dtx ? 1 : 0)
    control(SPEEX_SET_DTX, dtx ? 1 : 0)
  }

  /// Samples that a decoder's output lags behind, on the encoder's side.
  package var lookahead: Int {
    var value: Int32 = 0
    _ = unsafe speex_encoder_ctl(state, SPEEX_GET_LOOKAHEAD, &value)
    return Int(value)
  }

  private func control(_ request: Int32, _ value: Int32) {
    var value = value
    _ = unsafe speex_encoder_ctl(state, request, &value)
  }
}
