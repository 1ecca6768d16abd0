import Primitives

/// Video sections: they share the audio's transport, or are refused.
extension Negotiation {
  /// Values of `a=rtcp-fb` that we use: RFC 4585, RFC 5104, transport-wide feedback and REMB.
  private static let feedback = ["nack", "nack pli", "ccm fir", "transport-cc", "goog-remb"]
  /// Header extensions that we read or write. The dependency descriptor is not among them: with it Chromium's VP8 says no
  /// picture ids and no temporal layers.
  private static let extensions = [
    ExtensionMap.mid, ExtensionMap.rid, ExtensionMap.repairedRID, ExtensionMap.absoluteSendTime,
    ExtensionMap.transportSequence,
  ]

  /// The sections that share one transport with the section of this `mid`: RFC 9143.
  static func bundle(with mid: String?, in description: SessionDescription) -> Set<String> {
    guard let mid else { return [] }
    for group in description.attributes.all("group") {
      let parts = group.split(separator: " ").map(String.init)
      if parts.first == "BUNDLE", parts.dropFirst().contains(mid) { return Set(parts.dropFirst()) }
    }
    return []
  }

  /// Nil if the section cannot be used.
  /// - Parameters:
  ///   - bundle: `bundle(with:in:)` the audio.
  ///   - ours: what the section answers, or nil for an offer.
  static func video(
    on section: MediaDescription, index: Int, of description: SessionDescription, bundle: Set<String>,
    answering ours: MediaDescription? = nil, local: LocalMedia
  ) -> AgreedVideo? {
    guard section.media == "video", section.isOpen, case .dtls = local.security,
      local.transports.contains(section.transport), let mid = section.mid, bundle.contains(mid),
      local.videoStreams[index] != nil
    else { return nil }
    let offered = section.codings(answering: ours)
    for own in local.capabilities.video {
      let codes: (RTPMap) -> Bool = { map in
        map.codes(own.encodingName, clockRate: VideoCapability.clockRate, channels: 1)
          && own.fits(FormatParameters(section.fmtp(map.payloadType)))
      }
      guard let map = offered.first(where: codes) else { continue }
      let type = map.payloadType
      let repair = offered.first {
        $0.codes("rtx", clockRate: VideoCapability.clockRate, channels: 1)
          && FormatParameters(section.fmtp($0.payloadType)).value(of: "apt") == String(type)
      }
      let said = Set(section.attributes.all("rtcp-fb"))
      let theirs = description.direction(of: section)
      return AgreedVideo(
        index: index, mid: mid, encodingName: map.encodingName, payloadType: type, fmtp: section.fmtp(type),
        retransmissionType: repair?.payloadType,
        feedback: feedback.filter { said.contains("\(type) \($0)") || said.contains("* \($0)") },
        direction: theirs.reversed, extensions: extensions(of: section, in: description),
        layers: theirs.sends ? section.sentLayers : [], sources: section.sources, bandwidth: section.bitrate)
    }
    return nil
  }

  private static func extensions(of section: MediaDescription, in description: SessionDescription) -> [ExtensionMap] {
    let maps = section.extensionMaps + description.attributes.all("extmap").compactMap { ExtensionMap($0) }
    return extensions.compactMap { uri in
      maps.first { $0.uri == uri && (1...255).contains($0.id) && $0.id != 15 && $0.direction != .inactive }
    }
  }

  static func answering(
    _ offered: MediaDescription, with video: AgreedVideo, audio: AgreedAudio, local: LocalMedia
  ) -> MediaDescription {
    var section = MediaDescription(
      media: "video", port: local.rtp.port, transport: offered.transport, formats: [String(video.payloadType)])
    var map = RTPMap(
      payloadType: video.payloadType, encodingName: video.encodingName, clockRate: VideoCapability.clockRate)
    section.attributes.append("rtpmap", map.description)
    if let fmtp = video.fmtp, !fmtp.isEmpty { section.attributes.append("fmtp", "\(video.payloadType) \(fmtp)") }
    for value in video.feedback { section.attributes.append("rtcp-fb", "\(video.payloadType) \(value)") }
    if let type = video.retransmissionType {
      map.payloadType = type
      map.encodingName = "rtx"
      section.formats.append(String(type))
      section.attributes.append("rtpmap", map.description)
      section.attributes.append("fmtp", "\(type) apt=\(video.payloadType)")
    }
    section.attributes.append(video.direction.rawValue)
    section.attributes.append("rtcp-mux")
    if case .dtls(let peer) = audio.security {
      addSecurity(local.security, setup: peer.isClient ? "active" : "passive", to: &section)
    }
    section.attributes.append("mid", video.mid)
    for map in video.extensions {
      section.attributes.append(
        "extmap", ExtensionMap(id: map.id, direction: map.direction?.reversed, uri: map.uri).description)
    }
    if video.direction.receives, !video.layers.isEmpty {
      for layer in video.layers { section.attributes.append("rid", "\(layer) recv") }
      section.attributes.append("simulcast", "recv " + video.layers.joined(separator: ";"))
    }
    if video.direction.sends, let stream = local.videoStreams[video.index] { announce(stream, video, in: &section) }
    return section
  }

  /// Each section is a media stream of its own: what is shown there changes, and with it whose it is.
  private static func announce(_ stream: LocalVideoStream, _ video: AgreedVideo, in section: inout MediaDescription) {
    section.attributes.append("msid", "view\(video.index) view\(video.index)")
    var sources = [stream.ssrc]
    if video.retransmissionType != nil {
      section.attributes.append("ssrc-group", "FID \(stream.ssrc) \(stream.retransmission)")
      sources.append(stream.retransmission)
    }
    for source in sources { section.attributes.append("ssrc", "\(source) cname:\(stream.canonicalName)") }
  }

  /// A section of our last description, offered anew as it was.
  static func reoffering(_ section: MediaDescription, local: LocalMedia) -> MediaDescription {
    var again = section
    again.port = local.rtp.port
    for name in ["ice-ufrag", "ice-pwd", "fingerprint", "setup", "candidate", "end-of-candidates"] {
      again.attributes.remove(name)
    }
    addSecurity(local.security, setup: "actpass", to: &again)
    return again
  }
}
