/// What this end can do, best first.
package struct MediaCapabilities: Hashable, Sendable {
  package var audio: [AudioCapability]
  /// Empty: no video is taken.
  package var video: [VideoCapability]
  /// RFC 4733 digits.
  package var telephoneEvent: Bool
  /// RFC 3389 comfort noise, for codecs at 8 kHz.
  package var comfortNoise: Bool
  /// RFC 5761.
  package var rtcpMux: Bool
  /// RFC 6464.
  package var audioLevel: Bool
  /// Transports of `m=` lines that we take; the first is what our offers say. Keys of secure ones are the caller's business.
  package var transports: [String]
  /// Answers list codecs in our order, or in the offer's.
  package var prefersOwnOrder: Bool
  /// Milliseconds.
  package var ptime: Int
  package var maxptime: Int

  package init(
    audio: [AudioCapability], video: [VideoCapability] = [], telephoneEvent: Bool = true, comfortNoise: Bool = true,
    rtcpMux: Bool = true,
    audioLevel: Bool = true, transports: [String] = ["RTP/AVP", "RTP/AVPF"], prefersOwnOrder: Bool = true,
    ptime: Int = 20, maxptime: Int = 60
  ) {
    self.audio = audio
    self.video = video
    self.telephoneEvent = telephoneEvent
    self.comfortNoise = comfortNoise
    self.rtcpMux = rtcpMux
    self.audioLevel = audioLevel
    self.transports = transports
    self.prefersOwnOrder = prefersOwnOrder
    self.ptime = ptime
    self.maxptime = maxptime
  }
}
