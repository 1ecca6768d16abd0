import Audio
import Codecs

/// What coding costs on this machine, measured now.
struct CodecCost: Sendable {
  /// Microseconds of one core for 20 ms of speech, however long the codec's frames are.
  var encode: Double
  var decode: Double
  /// Bit/s of what was coded.
  var bitRate: Int

  /// Frames that are measured.
  static let frames = 150

  /// Codes frames of speech both ways; the median of the frames, so that other programs disturb little.
  init(_ format: CodecFormat, speech: AudioClip) throws(CodecError) {
    let milliseconds = CodecCost.frameTime(format)
    let frame = format.sampleRate * milliseconds / 1_000
    var samples = speech.resampled(to: format.sampleRate).samples
    let needed = frame * CodecCost.frames
    while samples.count < needed { samples += samples.isEmpty ? [0] : samples }
    var encoder = try AudioEncoder(
      format: format, sampleRate: format.sampleRate, bitRate: CodedVoice.opusBitRate,
      complexity: CodedVoice.opusComplexity)
    var decoder = AudioDecoder(format: format, outputRate: format.sampleRate)
    var payload = Array(repeating: UInt8(0), count: 8_192)
    var output = Array(repeating: Int16(0), count: 48_000 * 120 / 1_000)
    var encoding: [Double] = []
    var decoding: [Double] = []
    var octets = 0
    for index in 0..<CodecCost.frames {
      var packet = payload.mutableSpan
      let start = ContinuousClock.now
      let count = encoder.encode(samples.span.extracting(index * frame..<(index + 1) * frame), into: &packet)
      let middle = ContinuousClock.now
      var decoded = output.mutableSpan
      _ = decoder.decode(payload.span.extracting(0..<count), into: &decoded)
      encoding.append(CodecCost.microseconds(middle - start))
      decoding.append(CodecCost.microseconds(ContinuousClock.now - middle))
      octets += count
    }
    let share = 20 / Double(milliseconds)
    encode = encoding.sorted()[CodecCost.frames / 2] * share
    decode = decoding.sorted()[CodecCost.frames / 2] * share
    bitRate = octets * 8_000 / (CodecCost.frames * milliseconds)
  }

  /// Milliseconds that are coded at a time: 20, or the codec's own frame where that is longer.
  static func frameTime(_ format: CodecFormat) -> Int {
    format.frameTime > 20 ? format.frameTime : 20 / format.frameTime * format.frameTime
  }

  private static func microseconds(_ duration: Duration) -> Double { Double(duration.components.attoseconds) / 1e12 }
}
