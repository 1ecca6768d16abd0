/// One file to transcode.
struct TranscodeJob: Hashable, Sendable {
  var input: String
  var target: OutputTarget
}
