import COpus

/// An Opus decoder (RFC 6716) with concealment and in-band FEC, in one flat block of memory. One owner uses it at a time.
@safe package final class OpusDecoder {
  /// The longest packet, in milliseconds (RFC 6716, section 3.2.5).
  package static let maximumPacketTime = 120
  /// Hertz: 8,000, 12,000, 16,000, 24,000 or 48,000.
  package let sampleRate: Int
  package let channels: Int
  private let state: UnsafeMutableRawPointer
  private let size: Int

  package init(sampleRate: Int, channels: Int = 1) throws(CodecError) {
    guard [8_000, 12_000, 16_000, 24_000, 48_000].contains(sampleRate) else { throw .unsupportedSampleRate(sampleRate) }
    guard channels == 1 || channels == 2 else { throw .unsupportedChannels(channels) }
    size = Int(opus_decoder_get_size(Int32(channels)))
    unsafe state = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
    self.sampleRate = sampleRate
    self.channels = channels
    let result = unsafe opus_decoder_init(OpaquePointer(state), Int32(sampleRate), Int32(channels))
    guard result == OPUS_OK else { throw .library(Int(result)) }
  }

  private init(copying other: OpusDecoder) {
    sampleRate = other.sampleRate
    channels = other.channels
    size = other.size
    unsafe state = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
    unsafe state.copyMemory(from: other.state, byteCount: size)
  }

  deinit { unsafe state.deallocate() }

  /// A second decoder in the same state.
  package func fork() -> OpusDecoder { OpusDecoder(copying: self) }

  /// Decodes a packet; returns samples of one channel, 0 if the packet is broken or longer than the span.
  package func decode(_ payload: Span<UInt8>, into samples: inout MutableSpan<Int16>) -> Int {
    guard payload.count > 0 else { return 0 }
    return run(payload, count: samples.count / channels, fec: false, into: &samples)
  }

  /// Makes up for lost audio: fills the span in whole steps of 2.5 ms; returns samples of one channel.
  package func conceal(into samples: inout MutableSpan<Int16>) -> Int {
    conceal(samples: samples.count / channels, into: &samples)
  }

  /// Makes up for `count` lost samples of one channel, in whole steps of 2.5 ms; returns samples of one channel.
  package func conceal(samples count: Int, into samples: inout MutableSpan<Int16>) -> Int {
    let step = sampleRate / 400
    let limit = sampleRate / 1_000 * Self.maximumPacketTime
    let whole = min(count, samples.count / channels, limit) / step * step
    guard whole > 0 else { return 0 }
    return run(nil, count: whole, fec: false, into: &samples)
  }

  /// Makes up for the `count` lost samples before a packet from the low-rate copy that it carries (RFC 6716, section 2.1.7);
  /// conceals if it carries none. Returns samples of one channel.
  package func decodeFEC(_ next: Span<UInt8>, samples count: Int, into samples: inout MutableSpan<Int16>) -> Int {
    let step = sampleRate / 400
    let limit = sampleRate / 1_000 * Self.maximumPacketTime
    let whole = min(count, samples.count / channels, limit) / step * step
    guard whole > 0, next.count > 0 else { return 0 }
    return run(next, count: whole, fec: true, into: &samples)
  }

  /// As above, for as much lost audio as the span holds.
  package func decodeFEC(_ next: Span<UInt8>, into samples: inout MutableSpan<Int16>) -> Int {
    decodeFEC(next, samples: samples.count / channels, into: &samples)
  }

  /// State of the range coder after the last packet (RFC 6716, section 6).
  package var finalRange: UInt32 {
    var value: UInt32 = 0
    _ = unsafe trialogue_opus_decoder_get(OpaquePointer(state), OPUS_GET_FINAL_RANGE_REQUEST, &value)
    return value
  }

  private func run(_ payload: Span<UInt8>?, count: Int, fec: Bool, into samples: inout MutableSpan<Int16>) -> Int {
    let result = unsafe samples.withUnsafeMutableBufferPointer { output -> Int32 in
      guard let pointer = output.baseAddress else { return 0 }
      guard let payload else {
        return unsafe opus_decode(OpaquePointer(state), nil, 0, pointer, Int32(clamping: count), 0)
      }
      return unsafe payload.withUnsafeBufferPointer { input -> Int32 in
        unsafe opus_decode(
          OpaquePointer(state), input.baseAddress, Int32(clamping: input.count), pointer, Int32(clamping: count),
          fec ? 1 : 0)
      }
    }
    return max(Int(result), 0)
  }
}
