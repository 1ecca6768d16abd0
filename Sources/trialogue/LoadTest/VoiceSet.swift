import Audio
import Codecs

/// The voices of a load test in one format, coded once.
struct VoiceSet: Sendable {
  /// Different voices; further callers share them, each from a place of its own.
  static let count = 6
  static let seconds = 10

  let format: CallerFormat
  private let voices: [CodedVoice]
  let quiet: CodedVoice

  init(format: CallerFormat, library: SpeechLibrary) throws(CodecError) {
    var voices: [CodedVoice] = []
    for index in 0..<VoiceSet.count {
      voices.append(try CodedVoice(library.speech(index, seconds: VoiceSet.seconds), format: format))
    }
    self.format = format
    self.voices = voices
    quiet = try CodedVoice.quiet(format: format)
  }

  subscript(index: Int) -> CodedVoice { voices[index % voices.count] }
}
