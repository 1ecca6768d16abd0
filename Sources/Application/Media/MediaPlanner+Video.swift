import Conference
import RTP
import SDP

extension MediaPlanner {
  /// What is forwarded, best first. VP8 is what every browser has; one codec for all is what lets everybody see everybody.
  static let videoCodecs: [(codec: VideoCodec, capability: VideoCapability)] = [
    (.vp8, VideoCapability(encodingName: "VP8")),
    (.vp9, VideoCapability(encodingName: "VP9", parameter: .init("profile-id", "0", isUsual: true))),
    (.h264, VideoCapability(encodingName: "H264", parameter: .init("packetization-mode", "1", isUsual: false))),
  ]

  /// What the media plane does about video; nil if none was ever agreed.
  ///
  /// - Parameter streams: what we send in each section.
  func video(_ agreed: [AgreedVideo], streams: [Int: LocalVideoStream]) -> VideoPlan? {
    guard !agreed.isEmpty else { return nil }
    var plan = VideoPlan()
    var limit = 0
    for section in agreed {
      guard let codec = MediaPlanner.codec(section.encodingName) else { continue }
      if section.direction.receives, plan.publisher == nil {
        plan.publisher = MediaPlanner.publisher(section, codec: codec)
      }
      if section.direction.sends, let stream = streams[section.index] {
        plan.views.append(MediaPlanner.view(section, codec: codec, stream: stream))
        limit += min(section.bandwidth ?? VideoPlan.maximumBitrate, VideoPlan.maximumBitrate)
      }
    }
    plan.bitrate = min(limit, VideoPlan.maximumBitrate)
    plan.canonicalName = streams.values.first?.canonicalName ?? ""
    return plan
  }

  private static func codec(_ name: String) -> VideoCodec? {
    videoCodecs.first { $0.capability.encodingName.lowercased() == name.lowercased() }?.codec
  }

  private static func publisher(_ section: AgreedVideo, codec: VideoCodec) -> PublisherPlan {
    let layers = section.layers.compactMap { StreamLabel($0) }
    return PublisherPlan(
      codec: codec, payloadType: section.payloadType, retransmissionType: section.retransmissionType,
      layers: layers.count == section.layers.count ? layers : [],
      // Layers are told by their names in the packets.
      sources: layers.isEmpty
        ? section.sources.map { PublisherPlan.Source(ssrc: $0.ssrc, retransmission: $0.retransmission) } : [],
      extensions: extensions(section))
  }

  private static func view(_ section: AgreedVideo, codec: VideoCodec, stream: LocalVideoStream) -> ViewPlan {
    ViewPlan(
      codec: codec, payloadType: section.payloadType, ssrc: stream.ssrc,
      retransmission: section.retransmissionType.map {
        ViewPlan.Retransmission(payloadType: $0, ssrc: stream.retransmission)
      },
      mid: StreamLabel(section.mid), extensions: extensions(section))
  }

  private static func extensions(_ section: AgreedVideo) -> VideoExtensions {
    VideoExtensions(
      mid: section.number(of: ExtensionMap.mid), rid: section.number(of: ExtensionMap.rid),
      repairedRID: section.number(of: ExtensionMap.repairedRID),
      absoluteSendTime: section.number(of: ExtensionMap.absoluteSendTime),
      transportSequence: section.feedback.contains("transport-cc")
        ? section.number(of: ExtensionMap.transportSequence) : 0)
  }
}
