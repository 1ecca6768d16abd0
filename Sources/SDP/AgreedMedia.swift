/// What became of one `m=` line.
package enum AgreedMedia: Hashable, Sendable {
  case audio(AgreedAudio)
  /// Port 0.
  case refused

  package var audio: AgreedAudio? {
    switch self {
    case .audio(let audio): audio
    case .refused: nil
    }
  }
}
