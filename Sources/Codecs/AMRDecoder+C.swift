import CAMR

/// An AMR or AMR-WB decoder of whole payloads (RFC 4867) with the codecs' own concealment. One owner uses it at a time.
@safe package final class AMRDecoder {
  package let band: AMRBand
  private let octetAligned: Bool
  private let state: UnsafeMutableRawPointer
  /// One stored frame: as long as the longest, whatever the type says, so that the library reads nothing else.
  private let input: UnsafeMutablePointer<UInt8>
  private static let inputCapacity = 64
  /// The mode that the last payload asked for, which is for the encoder of the way back; nil if it asked for none.
  package private(set) var modeRequest: Int?

  /// - Parameter sampleRate: 8,000 Hz for AMR, 16,000 Hz for AMR-WB.
  package init(sampleRate: Int, octetAligned: Bool) throws(CodecError) {
    guard let band = AMRBand(sampleRate: sampleRate) else { throw .unsupportedSampleRate(sampleRate) }
    guard let state = unsafe band == .narrow ? Decoder_Interface_init() : D_IF_init() else { throw .library(0) }
    unsafe self.state = unsafe state
    self.band = band
    self.octetAligned = octetAligned
    unsafe input = UnsafeMutablePointer<UInt8>.allocate(capacity: Self.inputCapacity)
    unsafe input.initialize(repeating: 0, count: Self.inputCapacity)
  }

  deinit {
    switch band {
    case .narrow: unsafe Decoder_Interface_exit(state)
    case .wide: unsafe D_IF_exit(state)
    }
    unsafe input.deallocate()
  }

  /// Decodes the frames of a payload that fit into the span, comfort noise included; frames that are missing or damaged are
  /// concealed. Returns samples, 0 if the payload is badly framed.
  package func decode(_ payload: Span<UInt8>, into samples: inout MutableSpan<Int16>) -> Int {
    guard let frames = AMRPayload(payload, band: band, octetAligned: octetAligned) else { return 0 }
    modeRequest = frames.modeRequest
    let count = min(frames.count, samples.count / band.frameSamples)
    for frame in 0..<count {
      var isDecodable = frames.isDecodable(frame)
      if isDecodable {
        var stored = unsafe MutableSpan(_unsafeStart: input, count: Self.inputCapacity)
        isDecodable = frames.copy(frame, of: payload, into: &stored) > 0
      }
      decodeInput(isLost: !isDecodable, into: &samples, frame: frame)
    }
    return count &* band.frameSamples
  }

  /// Makes up for `count` lost samples, in whole frames; goes on with comfort noise in a pause. Returns samples.
  package func conceal(samples count: Int, into samples: inout MutableSpan<Int16>) -> Int {
    let frames = min(count, samples.count) / band.frameSamples
    guard frames > 0 else { return 0 }
    for frame in 0..<frames { decodeInput(isLost: true, into: &samples, frame: frame) }
    return frames &* band.frameSamples
  }

  private func decodeInput(isLost: Bool, into samples: inout MutableSpan<Int16>, frame: Int) {
    // A header without data: the library reads the octet after it all the same.
    if isLost { unsafe input[0] = 0x7C }
    unsafe samples.withUnsafeMutableBufferPointer { buffer in
      guard let pointer = buffer.baseAddress else { return }
      let output = unsafe pointer + frame &* band.frameSamples
      switch band {
      case .narrow: unsafe Decoder_Interface_Decode(state, input, output, isLost ? 1 : 0)
      case .wide: unsafe D_IF_decode(state, input, output, isLost ? 1 : 0)
      }
    }
  }
}
