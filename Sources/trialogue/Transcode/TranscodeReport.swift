import Codecs

/// What became of one file; printed for people or as JSON.
struct TranscodeReport: Encodable, Sendable {
  /// A file's container and coding.
  struct Form: Encodable, Sendable {
    var container: String
    var codec: String
    /// Hertz.
    var sampleRate: Int
    var channels: Int
    /// Bit/s over the whole file; of the output alone.
    var bitRate: Int?

    init(_ form: FileForm, bitRate: Int? = nil) {
      container = form.container.rawValue
      codec = form.codecName
      sampleRate = form.format.sampleRate
      channels = form.format.channels
      self.bitRate = bitRate
    }
  }

  var input: String
  var output: String
  var inputFormat: Form?
  var outputFormat: Form?
  /// Seconds of sound.
  var duration: Double?
  /// dBFS, of what was coded.
  var peak: Double?
  var rms: Double?
  /// Samples at either end of the scale.
  var clipped: Int?
  /// Seconds that it took.
  var seconds = 0.0
  /// Times as fast as it sounds.
  var speed: Double?
  var warnings: [String] = []
  var error: String?

  init(input: String, output: String) {
    self.input = input
    self.output = output
  }

  var text: String {
    guard let duration, let peak, let rms, let clipped, let speed else { return "\(input): \(error ?? "failed")" }
    return "\(input) → \(output): \(Decimals.text(duration, 2)) s, peak \(Decimals.text(peak, 1)) dBFS, "
      + "RMS \(Decimals.text(rms, 1)) dBFS, \(clipped) samples clipped; took \(Decimals.text(seconds, 2)) s, "
      + "\(Decimals.text(speed, 0)) times as fast as it sounds"
  }
}
