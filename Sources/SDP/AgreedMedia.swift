/// What became of one `m=` line.
package enum AgreedMedia: Hashable, Sendable {
  case audio(AgreedAudio)
  case video(AgreedVideo)
  /// Port 0.
  case refused

  package var audio: AgreedAudio? {
    switch self {
    case .audio(let audio): audio
    case .video, .refused: nil
    }
  }

  package var video: AgreedVideo? {
    switch self {
    case .video(let video): video
    case .audio, .refused: nil
    }
  }
}
