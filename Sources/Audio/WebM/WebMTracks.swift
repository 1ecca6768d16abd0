/// What a WebM file carries: a picture in VP8, a voice in Opus, or both.
package struct WebMTracks: Hashable, Sendable {
  package struct Video: Hashable, Sendable {
    /// Picture elements of the first picture; later key frames may say others.
    package var width: UInt16
    package var height: UInt16

    package init(width: UInt16, height: UInt16) {
      self.width = width
      self.height = height
    }
  }

  package struct Audio: Hashable, Sendable {
    /// 1 or 2.
    package var channels: UInt8
    /// Samples at 48 kHz to throw away at the start.
    package var preSkip: UInt16
    /// Hertz of the original, for information.
    package var inputRate: UInt32

    package init(channels: UInt8 = 1, preSkip: UInt16, inputRate: UInt32) {
      self.channels = channels
      self.preSkip = preSkip
      self.inputRate = inputRate
    }
  }

  /// Track numbers in files of ours.
  package static let videoNumber: UInt8 = 1
  package static let audioNumber: UInt8 = 2

  package var video: Video?
  package var audio: Audio?

  package init(video: Video? = nil, audio: Audio? = nil) {
    self.video = video
    self.audio = audio
  }
}
