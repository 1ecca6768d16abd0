import CSpeex

/// A Speex decoder (RFC 5574) at 8, 16 or 32 kHz with libspeex's own concealment. One owner uses it at a time.
///
/// Frames of any of the three bands are decoded: upper bands that are too much are left out, those that lack are made up.
@safe package final class SpeexDecoder {
  /// Hertz: 8,000, 16,000 or 32,000.
  package let sampleRate: Int
  /// Samples of a frame: 20 ms.
  package let frameLength: Int
  private let state: UnsafeMutableRawPointer
  private var bits = unsafe SpeexBits()

  package init(sampleRate: Int) throws(CodecError) {
    guard let mode = SpeexLibrary.mode(sampleRate) else { throw .unsupportedSampleRate(sampleRate) }
    guard let state = unsafe speex_decoder_init(speex_lib_get_mode(mode)) else { throw .library(0) }
    unsafe self.state = unsafe state
    self.sampleRate = sampleRate
    frameLength = sampleRate / 50
    unsafe speex_bits_init(&bits)
  }

  deinit {
    unsafe speex_decoder_destroy(state)
    unsafe speex_bits_destroy(&bits)
  }

  /// Decodes the frames of a packet that fit into the span; returns samples, 0 if the packet is badly framed.
  package func decode(_ payload: Span<UInt8>, into samples: inout MutableSpan<Int16>) -> Int {
    guard let packet = SpeexPacket(payload) else { return 0 }
    unsafe payload.withUnsafeBytes { input in
      guard let octets = input.baseAddress else { return }
      // The library's own buffer of 2,000 octets holds it.
      unsafe speex_bits_read_from(
        &bits, octets.assumingMemoryBound(to: CChar.self), Int32(clamping: input.count))
    }
    let frames = min(packet.count, samples.count / frameLength)
    return unsafe samples.withUnsafeMutableBufferPointer { output -> Int in
      guard let pointer = output.baseAddress else { return 0 }
      for frame in 0..<frames {
        unsafe speex_bits_rewind(&bits)
        unsafe speex_bits_advance(&bits, Int32(clamping: packet.start(of: frame)))
        let result = unsafe speex_decode_int(state, &bits, pointer + frame &* frameLength)
        guard result == 0 else { return frame &* frameLength }
      }
      return frames &* frameLength
    }
  }

  /// Makes up for `count` lost samples, in whole frames; returns samples.
  package func conceal(samples count: Int, into samples: inout MutableSpan<Int16>) -> Int {
    let frames = min(count, samples.count) / frameLength
    guard frames > 0 else { return 0 }
    return unsafe samples.withUnsafeMutableBufferPointer { output -> Int in
      guard let pointer = output.baseAddress else { return 0 }
      for frame in 0..<frames { _ = unsafe speex_decode_int(state, nil, pointer + frame &* frameLength) }
      return frames &* frameLength
    }
  }
}
