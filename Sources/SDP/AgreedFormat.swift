/// A codec that both ends know, with its numbers.
package struct AgreedFormat: Hashable, Sendable {
  /// What we send with: the number of the peer's description.
  package var payloadType: UInt8
  /// What the peer sends with: the number of our description. The same in nearly every call.
  package var receivePayloadType: UInt8
  package var encodingName: String
  package var clockRate: Int
  package var channels: Int
  /// What the peer asks of our encoder.
  package var fmtp: String?

  package init(
    payloadType: UInt8, receivePayloadType: UInt8, encodingName: String, clockRate: Int, channels: Int, fmtp: String?
  ) {
    self.payloadType = payloadType
    self.receivePayloadType = receivePayloadType
    self.encodingName = encodingName
    self.clockRate = clockRate
    self.channels = channels
    self.fmtp = fmtp
  }
}
