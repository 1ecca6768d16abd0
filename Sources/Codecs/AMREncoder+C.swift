import CAMR

/// An AMR or AMR-WB encoder that makes whole payloads (RFC 4867). One owner uses it at a time.
///
/// It cannot be forked: both libraries spread their state over many blocks of memory and offer no copy.
@safe package final class AMREncoder {
  package let band: AMRBand
  private let octetAligned: Bool
  private let usesDTX: Bool
  private let state: UnsafeMutableRawPointer
  /// One frame of samples.
  private let input: UnsafeMutablePointer<Int16>
  /// One stored frame, with room to spare for the library.
  private let output: UnsafeMutablePointer<UInt8>
  private static let outputCapacity = 256
  private var control: AMRModeControl
  /// The mode that is wanted from the other side (CMR); 15 for none.
  private var modeRequest = AMRPayload.noRequest

  /// - Parameters:
  ///   - sampleRate: 8,000 Hz for AMR, 16,000 Hz for AMR-WB.
  ///   - parameters: the receiver's; those that are not `isSpoken` are refused.
  ///   - bitRate: bit/s; the best mode within it that the receiver's parameters allow.
  ///   - dtx: whether pauses are sent as comfort noise every 160 ms.
  package init(
    sampleRate: Int, parameters: AMRParameters = AMRParameters(), bitRate: Int, dtx: Bool = false
  ) throws(CodecError) {
    guard let band = AMRBand(sampleRate: sampleRate) else { throw .unsupportedSampleRate(sampleRate) }
    guard parameters.isSpoken(band: band) else { throw .library(0) }
    guard let state = unsafe band == .narrow ? Encoder_Interface_init(dtx ? 1 : 0) : E_IF_init() else {
      throw .library(0)
    }
    unsafe self.state = unsafe state
    self.band = band
    octetAligned = parameters.octetAligned
    usesDTX = dtx
    control = AMRModeControl(band: band, parameters: parameters, mode: band.mode(bitRate: bitRate))
    unsafe input = UnsafeMutablePointer<Int16>.allocate(capacity: band.frameSamples)
    unsafe input.initialize(repeating: 0, count: band.frameSamples)
    unsafe output = UnsafeMutablePointer<UInt8>.allocate(capacity: Self.outputCapacity)
    unsafe output.initialize(repeating: 0, count: Self.outputCapacity)
  }

  deinit {
    switch band {
    case .narrow: unsafe Encoder_Interface_exit(state)
    case .wide: unsafe E_IF_exit(state)
    }
    unsafe input.deallocate()
    unsafe output.deallocate()
  }

  /// Codes whole frames of 20 ms into one payload; returns octets, 0 if there is nothing to send (DTX), the payload does not fit
  /// or the length is no multiple of a frame.
  package func encode(_ samples: Span<Int16>, into payload: inout MutableSpan<UInt8>) -> Int {
    let length = band.frameSamples
    let frames = samples.count / length
    guard samples.count == frames * length,
      var writer = AMRPayloadWriter(
        frames: frames, modeRequest: modeRequest, band: band, octetAligned: octetAligned, into: &payload)
    else { return 0 }
    var isWorthSending = false
    for frame in 0..<frames {
      for index in 0..<length { unsafe input[index] = samples[frame &* length &+ index] }
      let octets = encodeInput()
      let stored = unsafe Span(_unsafeStart: output, count: octets)
      guard octets > 0, writer.append(stored, into: &payload) else { return 0 }
      // Alone, frames that carry nothing are not sent (RFC 4867, section 4.3.2).
      if octets > 1 { isWorthSending = true }
    }
    return isWorthSending ? writer.octets : 0
  }

  /// The best mode within so many bit/s.
  package func set(bitRate: Int) { control.set(limit: band.mode(bitRate: bitRate)) }

  /// What the other side asked for in the payloads that came from it.
  package func receive(_ request: AMRModeRequest) { control.receive(request) }

  /// What the other side shall send: a mode, or nil to leave it to itself.
  package func ask(for mode: Int?) {
    modeRequest = mode.map { min(max($0, 0), band.highestMode) } ?? AMRPayload.noRequest
  }

  /// Codes the frame in `input`; returns the octets of the stored frame in `output`.
  private func encodeInput() -> Int {
    let mode = control.next()
    let result: Int32
    switch band {
    case .narrow:
      result = unsafe Encoder_Interface_Encode(state, Mode(rawValue: UInt32(clamping: mode)), input, output, 0)
    case .wide: result = unsafe E_IF_encode(state, Int32(clamping: mode), input, output, usesDTX ? 1 : 0)
    }
    guard result > 0, result <= Self.outputCapacity else { return 0 }
    // Every frame that is made here is a good one: neither library sets the quality bit of all frame types.
    unsafe output[0] = unsafe output[0] & 0x78 | 0x04
    return Int(result)
  }
}
