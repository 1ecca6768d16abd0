/// A video codec that can be forwarded. Nothing is decoded: only payload descriptors and frame headers are read.
package enum VideoCodec: Hashable, Sendable, Codable {
  case vp8, vp9, h264, av1

  /// What the RTP clock counts in a second: the same for all of them.
  package static let clockRate = 90_000

  /// What forwarding needs to know of a packet's payload.
  package func mark(_ payload: Span<UInt8>) throws(VideoPayloadError) -> FrameMark {
    switch self {
    case .vp8: try VP8Descriptor.parse(payload).mark(payload)
    case .vp9: try VP9Descriptor.parse(payload).mark
    case .h264: try H264Payload.parse(payload).mark
    case .av1: try AV1AggregationHeader.parse(payload).mark
    }
  }
}
