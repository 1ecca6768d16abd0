import RTP

/// What was agreed with a member about the video that it sends.
package struct PublisherPlan: Hashable, Sendable {
  /// A stream announced by its SSRC (RFC 5576), with its retransmission stream's.
  package struct Source: Hashable, Sendable {
    package var ssrc: UInt32
    package var retransmission: UInt32?

    package init(ssrc: UInt32, retransmission: UInt32? = nil) {
      self.ssrc = ssrc
      self.retransmission = retransmission
    }
  }

  package var codec: VideoCodec
  package var payloadType: UInt8
  /// Of its retransmission streams, if it has them.
  package var retransmissionType: UInt8?
  /// The simulcast streams by their `rid`, the smallest picture first; empty for a single stream.
  package var layers: [StreamLabel]
  /// In the order of the layers, where they are announced; for peers whose packets carry no `rid`.
  package var sources: [Source]
  package var extensions: VideoExtensions

  package init(
    codec: VideoCodec, payloadType: UInt8, retransmissionType: UInt8? = nil, layers: [StreamLabel] = [],
    sources: [Source] = [],
    extensions: VideoExtensions = VideoExtensions()
  ) {
    self.codec = codec
    self.payloadType = payloadType
    self.retransmissionType = retransmissionType
    self.layers = layers
    self.sources = sources
    self.extensions = extensions
  }
}
