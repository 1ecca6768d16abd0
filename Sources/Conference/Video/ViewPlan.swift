import RTP

/// One stream of video that a watcher gets: what was agreed with it.
package struct ViewPlan: Hashable, Sendable {
  /// A stream of its own for packets sent once more, RFC 4588.
  package struct Retransmission: Hashable, Sendable {
    package var payloadType: UInt8
    package var ssrc: UInt32

    package init(payloadType: UInt8, ssrc: UInt32) {
      self.payloadType = payloadType
      self.ssrc = ssrc
    }
  }

  package var codec: VideoCodec
  package var payloadType: UInt8
  package var ssrc: UInt32
  package var retransmission: Retransmission?
  package var mid: StreamLabel?
  package var extensions: VideoExtensions

  package init(
    codec: VideoCodec = .vp8, payloadType: UInt8, ssrc: UInt32, retransmission: Retransmission? = nil,
    mid: StreamLabel? = nil, extensions: VideoExtensions = VideoExtensions()
  ) {
    self.codec = codec
    self.payloadType = payloadType
    self.ssrc = ssrc
    self.retransmission = retransmission
    self.mid = mid
    self.extensions = extensions
  }
}
