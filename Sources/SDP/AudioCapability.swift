/// A codec that this end speaks, as SDP names it.
package struct AudioCapability: Hashable, Sendable {
  package var encodingName: String
  package var clockRate: Int
  package var channels: Int
  /// Of RFC 3551; nil gets a number from 96 up.
  package var staticPayloadType: UInt8?
  /// What we ask of the peer's encoder, the text of `a=fmtp` behind the number.
  package var fmtp: String?

  package init(
    encodingName: String, clockRate: Int, channels: Int = 1, staticPayloadType: UInt8? = nil, fmtp: String? = nil
  ) {
    self.encodingName = encodingName
    self.clockRate = clockRate
    self.channels = channels
    self.staticPayloadType = staticPayloadType
    self.fmtp = fmtp
  }
}
