import Audio
import Codecs

/// What coding costs on this machine, measured now.
struct CodecCost: Sendable {
  /// Microseconds of one core for a frame of 20 ms.
  var encode: Double
  var decode: Double

  static let frames = 150

  /// Codes three seconds of speech both ways; the median of the frames, so that other programs disturb little.
  init(_ format: CodecFormat, speech: AudioClip) throws(CodecError) {
    let frame = format.sampleRate / 50
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
    for index in 0..<CodecCost.frames {
      let start = ContinuousClock.now
      var octets = payload.mutableSpan
      let count = encoder.encode(samples.span.extracting(index * frame..<(index + 1) * frame), into: &octets)
      let middle = ContinuousClock.now
      var decoded = output.mutableSpan
      _ = decoder.decode(payload.span.extracting(0..<count), into: &decoded)
      encoding.append(CodecCost.microseconds(middle - start))
      decoding.append(CodecCost.microseconds(ContinuousClock.now - middle))
    }
    encode = encoding.sorted()[CodecCost.frames / 2]
    decode = decoding.sorted()[CodecCost.frames / 2]
  }

  private static func microseconds(_ duration: Duration) -> Double { Double(duration.components.attoseconds) / 1e12 }
}
