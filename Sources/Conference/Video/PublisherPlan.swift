import RTP

/// What was agreed with a member about the video that it sends.
package struct PublisherPlan: Hashable, Sendable {
  package var codec: VideoCodec
  package var payloadType: UInt8
  /// Of its retransmission streams, if it has them.
  package var retransmissionType: UInt8?
  /// The simulcast streams by their `rid`, the smallest picture first; empty for a single stream.
  package var layers: [StreamLabel]
  package var extensions: VideoExtensions

  package init(
    codec: VideoCodec, payloadType: UInt8, retransmissionType: UInt8? = nil, layers: [StreamLabel] = [],
    extensions: VideoExtensions = VideoExtensions()
  ) {
    self.codec = codec
    self.payloadType = payloadType
    self.retransmissionType = retransmissionType
    self.layers = layers
    self.extensions = extensions
  }
}
