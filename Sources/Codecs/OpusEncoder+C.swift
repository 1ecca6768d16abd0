import COpus

/// An Opus encoder (RFC 6716) whose whole state is one flat block of memory: copying the block forks the encoder.
///
/// One owner uses it at a time. Frames are 2.5, 5, 10, 20, 40 or 60 ms of interleaved samples at `sampleRate`.
@safe package final class OpusEncoder {
  /// The most octets of a packet that `encode` makes (RFC 6716, section 3.2.1).
  package static let maximumPacket = 1_275
  /// Hertz: 8,000, 12,000, 16,000, 24,000 or 48,000.
  package let sampleRate: Int
  package let channels: Int
  private let state: UnsafeMutableRawPointer
  private let size: Int
  private var usesDTX: Bool
  /// The lower of what the sender has and what the receiver takes, in bit/s.
  private let bitRateLimit: Int
  /// Bit/s that no packet goes above.
  private let peakBitRate: Int?
  /// Hertz that the receiver can play.
  private let playbackRate: Int
  /// Hertz, the lower of `playbackRate` and what there is to hear.
  private var audibleRate: Int

  /// - Parameters:
  ///   - bitRate: bit/s, limited to 6,000…510,000 and to what the receiver asked for.
  ///   - complexity: 0 (fast) to 10 (best).
  package init(
    sampleRate: Int, channels: Int = 1, parameters: OpusParameters = OpusParameters(), bitRate: Int, complexity: Int
  ) throws(CodecError) {
    guard [8_000, 12_000, 16_000, 24_000, 48_000].contains(sampleRate) else { throw .unsupportedSampleRate(sampleRate) }
    guard channels == 1 || channels == 2 else { throw .unsupportedChannels(channels) }
    size = Int(opus_encoder_get_size(Int32(channels)))
    unsafe state = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
    self.sampleRate = sampleRate
    self.channels = channels
    usesDTX = parameters.useDTX
    peakBitRate = parameters.peakBitRate
    playbackRate = parameters.maxPlaybackRate
    audibleRate = parameters.maxPlaybackRate
    bitRateLimit = min(max(parameters.maxAverageBitRate ?? 510_000, 6_000), 510_000)
    let result = unsafe opus_encoder_init(
      OpaquePointer(state), Int32(sampleRate), Int32(channels), OPUS_APPLICATION_VOIP)
    // From here on `deinit` gives the block back, also when this initialiser throws.
    guard result == OPUS_OK else { throw .library(Int(result)) }
    control(OPUS_SET_MAX_BANDWIDTH_REQUEST, Self.bandwidth(parameters.maxPlaybackRate))
    control(OPUS_SET_VBR_REQUEST, parameters.constantBitRate ? 0 : 1)
    control(OPUS_SET_DTX_REQUEST, parameters.useDTX ? 1 : 0)
    set(bitRate: bitRate)
    set(complexity: complexity)
  }

  private init(copying other: OpusEncoder) {
    sampleRate = other.sampleRate
    channels = other.channels
    size = other.size
    usesDTX = other.usesDTX
    bitRateLimit = other.bitRateLimit
    peakBitRate = other.peakBitRate
    playbackRate = other.playbackRate
    audibleRate = other.audibleRate
    unsafe state = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
    unsafe state.copyMemory(from: other.state, byteCount: size)
  }

  deinit { unsafe state.deallocate() }

  /// A second encoder in the same state: the next packets of both are the same for the same samples.
  package func fork() -> OpusEncoder { OpusEncoder(copying: self) }

  /// Codes one frame; returns the octets of the packet, or 0 if there is nothing to send: DTX, or a length that is no frame.
  package func encode(_ samples: Span<Int16>, into payload: inout MutableSpan<UInt8>) -> Int {
    let count = samples.count / channels
    guard count > 0, payload.count > 0 else { return 0 }
    let room = min(payload.count, maximumPacket(of: count))
    let result = unsafe samples.withUnsafeBufferPointer { input -> Int32 in
      unsafe payload.withUnsafeMutableBufferPointer { output -> Int32 in
        guard let samples = input.baseAddress, let octets = output.baseAddress else { return 0 }
        return unsafe opus_encode(
          OpaquePointer(state), samples, Int32(clamping: count), octets,
          Int32(clamping: min(output.count, room)))
      }
    }
    // A packet of up to two octets says only that nothing is sent (RFC 7587, section 3.1.3; opus_encode's manual).
    if usesDTX, result <= 2 { return 0 }
    return max(Int(result), 0)
  }

  /// Octets that a packet of so many samples of a channel may have.
  private func maximumPacket(of count: Int) -> Int {
    guard let peakBitRate else { return Self.maximumPacket }
    // An octet says what kind of packet it is; without a second one it would say nothing else.
    return min(max(min(peakBitRate, 510_000) * count / (8 * sampleRate), 2), Self.maximumPacket)
  }

  package func set(bitRate: Int) {
    control(OPUS_SET_BITRATE_REQUEST, Int32(clamping: min(max(bitRate, 6_000), bitRateLimit)))
  }

  /// What comes has nothing to hear above half of so many hertz: no bits are spent there, and less time. (At 24 kbit/s PESQ of a
  /// wideband voice rises from 4.0 to 4.2, of a narrowband one from 4.2 to 4.4.)
  package func set(audibleRate rate: Int) {
    let rate = min(rate, playbackRate)
    guard rate != audibleRate else { return }
    audibleRate = rate
    control(OPUS_SET_MAX_BANDWIDTH_REQUEST, Self.bandwidth(rate))
  }

  package func set(complexity: Int) {
    control(OPUS_SET_COMPLEXITY_REQUEST, Int32(clamping: min(max(complexity, 0), 10)))
  }

  /// Off at first, whatever the receiver takes: the copy costs quality that a network without loss need not pay.
  /// - Parameter expectedLoss: per cent of packets; FEC adds nothing at 0, next to nothing at 5.
  package func set(inbandFEC: Bool, expectedLoss: Int) {
    control(OPUS_SET_INBAND_FEC_REQUEST, inbandFEC ? 1 : 0)
    control(OPUS_SET_PACKET_LOSS_PERC_REQUEST, Int32(clamping: min(max(expectedLoss, 0), 100)))
  }

  /// Whether packets may lean on those before them. Without it a decoder that has not heard those can come in (it costs bits,
  /// so one packet at a time).
  package func set(prediction: Bool) { control(OPUS_SET_PREDICTION_DISABLED_REQUEST, prediction ? 0 : 1) }

  package func set(dtx: Bool) {
    usesDTX = dtx
    control(OPUS_SET_DTX_REQUEST, dtx ? 1 : 0)
  }

  /// Samples of one channel at `sampleRate` that the decoder's output lags behind (RFC 7845, pre-skip).
  package var lookahead: Int {
    var value: Int32 = 0
    _ = unsafe trialogue_opus_encoder_get(OpaquePointer(state), OPUS_GET_LOOKAHEAD_REQUEST, &value)
    return Int(value)
  }

  /// State of the range coder after the last packet; a decoder in step shows the same (RFC 6716, section 6).
  package var finalRange: UInt32 {
    var value: Int32 = 0
    _ = unsafe trialogue_opus_encoder_get(OpaquePointer(state), OPUS_GET_FINAL_RANGE_REQUEST, &value)
    return UInt32(bitPattern: value)
  }

  private func control(_ request: Int32, _ value: Int32) {
    _ = unsafe trialogue_opus_encoder_set(OpaquePointer(state), request, value)
  }

  private static func bandwidth(_ rate: Int) -> Int32 {
    switch rate {
    case ..<12_000: OPUS_BANDWIDTH_NARROWBAND
    case ..<16_000: OPUS_BANDWIDTH_MEDIUMBAND
    case ..<24_000: OPUS_BANDWIDTH_WIDEBAND
    case ..<48_000: OPUS_BANDWIDTH_SUPERWIDEBAND
    default: OPUS_BANDWIDTH_FULLBAND
    }
  }
}
