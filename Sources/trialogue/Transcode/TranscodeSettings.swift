/// What a command line asks of a transcoding.
struct TranscodeSettings: Hashable, Sendable {
  /// Nil: by the output's ending.
  var codec: CodecChoice?
  /// Hertz of the output.
  var rate: Int?
  /// Bit/s.
  var bitRate: Int?
  var complexity: Int?
  /// Milliseconds.
  var frame: Int?
  /// 2 keeps stereo where both files can.
  var channels = 1
  /// What a headless input holds, where its ending does not say it.
  var inputCodec: CodecChoice?
  /// Hertz of headless samples.
  var inputRate: Int?
  /// Whether a file that is there is overwritten.
  var force = false
}
