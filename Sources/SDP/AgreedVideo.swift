/// The outcome of an offer/answer for a video section, which shares the audio's transport (RFC 9143).
package struct AgreedVideo: Hashable, Sendable {
  /// A stream of the peer that its description names by SSRC (RFC 5576), with its retransmission stream's.
  package struct Source: Hashable, Sendable {
    package var ssrc: UInt32
    package var retransmission: UInt32?

    package init(ssrc: UInt32, retransmission: UInt32? = nil) {
      self.ssrc = ssrc
      self.retransmission = retransmission
    }
  }

  /// Of the `m=` line, from 0.
  package var index: Int
  package var mid: String
  package var encodingName: String
  package var payloadType: UInt8
  package var fmtp: String?
  /// RFC 4588; nil if the peer does not have it.
  package var retransmissionType: UInt8?
  /// The values of `a=rtcp-fb` that both have.
  package var feedback: [String]
  /// As ours.
  package var direction: Direction
  /// Those header extensions that both have.
  package var extensions: [ExtensionMap]
  /// The `rid` of each stream that the peer sends, in its order; empty for a single one (RFC 8853).
  package var layers: [String]
  package var sources: [Source]
  /// What the peer wants to receive at most, in bit/s; nil if it does not say.
  package var bandwidth: Int?

  package init(
    index: Int, mid: String, encodingName: String, payloadType: UInt8, fmtp: String? = nil,
    retransmissionType: UInt8? = nil, feedback: [String] = [], direction: Direction = .sendrecv,
    extensions: [ExtensionMap] = [], layers: [String] = [], sources: [Source] = [], bandwidth: Int? = nil
  ) {
    self.index = index
    self.mid = mid
    self.encodingName = encodingName
    self.payloadType = payloadType
    self.fmtp = fmtp
    self.retransmissionType = retransmissionType
    self.feedback = feedback
    self.direction = direction
    self.extensions = extensions
    self.layers = layers
    self.sources = sources
    self.bandwidth = bandwidth
  }

  package func number(of uri: String) -> UInt8 {
    extensions.first { $0.uri == uri }.flatMap { UInt8(exactly: $0.id) } ?? 0
  }
}
