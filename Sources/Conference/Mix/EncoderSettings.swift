import Codecs

/// How a room encodes: what `RoomPlan` says about encoders.
struct EncoderSettings: Hashable, Sendable {
  /// 0 to 10, Opus only.
  var complexity: Int
  /// In bit/s, Opus only, for a listener who asks for nothing else.
  var bitRate: Int
  /// The highest rate of the room, in hertz: more need not be encoded.
  var maximumSampleRate: Int

  /// - Parameter affordable: the complexity that the load allows, for a plan that names none.
  init(_ plan: RoomPlan, affordable: Int) {
    complexity = min(max(plan.opusComplexity ?? affordable, 0), 10)
    bitRate = min(max(plan.opusBitRate, 6_000), 510_000)
    maximumSampleRate = plan.maximumSampleRate
  }

  /// A fresh encoder. Opus is fed at 8, 16 or 48 kHz, as much as room and receiver can use.
  func makeEncoder(format: CodecFormat) throws(CodecError) -> AudioEncoder {
    let usable = min(maximumSampleRate, format.opus.maxPlaybackRate)
    let opusRate = usable <= 8_000 ? 8_000 : usable <= 16_000 ? 16_000 : 48_000
    let rate = format.codec == .opus ? opusRate : format.sampleRate
    let opusBitRate = min(bitRate, max(format.opus.maxAverageBitRate ?? bitRate, 6_000))
    return try AudioEncoder(format: format, sampleRate: rate, bitRate: opusBitRate, complexity: complexity)
  }
}
