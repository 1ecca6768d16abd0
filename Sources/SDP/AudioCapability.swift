/// A codec that this end speaks, as SDP names it.
package struct AudioCapability: Hashable, Sendable {
  package var encodingName: String
  package var clockRate: Int
  package var channels: Int
  /// Of RFC 3551; nil gets a number from 96 up.
  package var staticPayloadType: UInt8?
  /// What we ask of the peer's encoder, the text of `a=fmtp` behind the number.
  package var fmtp: String?
  /// Our offers name it; else it is only taken when a peer offers it.
  package var isOffered: Bool
  /// Parameters of `a=fmtp` whose value an answer repeats, since both ends must mean the same.
  package var mirrored: [String]
  /// Parameters of `a=fmtp` that, unless 0, make it a format that is not spoken here.
  package var refused: [String]
  /// Milliseconds of the longest packet that is taken.
  package var maxptime: Int

  package init(
    encodingName: String, clockRate: Int, channels: Int = 1, staticPayloadType: UInt8? = nil, fmtp: String? = nil,
    isOffered: Bool = true, mirrored: [String] = [], refused: [String] = [], maxptime: Int = 60
  ) {
    self.encodingName = encodingName
    self.clockRate = clockRate
    self.channels = channels
    self.staticPayloadType = staticPayloadType
    self.fmtp = fmtp
    self.isOffered = isOffered
    self.mirrored = mirrored
    self.refused = refused
    self.maxptime = maxptime
  }
}
