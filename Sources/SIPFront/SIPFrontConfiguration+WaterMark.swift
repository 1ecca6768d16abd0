import NIOCore

extension SIPFrontConfiguration {
  /// What may wait in one connection; past it the connection is closed.
  var waterMark: ChannelOptions.Types.WriteBufferWaterMark {
    ChannelOptions.Types.WriteBufferWaterMark(low: unsentBytes / 2, high: unsentBytes)
  }
}
