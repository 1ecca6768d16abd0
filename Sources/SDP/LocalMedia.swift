import Primitives

/// This end of a session: where it receives, who it is in the `o=` line, what it can do and wants.
package struct LocalMedia: Hashable, Sendable {
  package var rtp: TransportAddress
  package var rtcp: TransportAddress
  /// Of the `o=` line, the same for the life of the call.
  package var sessionID: UInt64
  package var capabilities: MediaCapabilities
  /// What we are willing to do: `sendonly` puts the peer on hold.
  package var direction: Direction
  package var security: LocalSecurity
  /// What we send in video sections, by the index of their `m=` lines; others are refused.
  package var videoStreams: [Int: LocalVideoStream]
  /// Of the voice; nil if it is not told.
  package var audioSource: LocalAudioSource?

  package init(
    rtp: TransportAddress, rtcp: TransportAddress, sessionID: UInt64, capabilities: MediaCapabilities,
    direction: Direction = .sendrecv, security: LocalSecurity = .none, videoStreams: [Int: LocalVideoStream] = [:],
    audioSource: LocalAudioSource? = nil
  ) {
    self.rtp = rtp
    self.rtcp = rtcp
    self.sessionID = sessionID
    self.capabilities = capabilities
    self.direction = direction
    self.security = security
    self.videoStreams = videoStreams
    self.audioSource = audioSource
  }

  /// Those of `m=` lines that we take.
  var transports: [String] { security.transports(plain: capabilities.transports) }
}
