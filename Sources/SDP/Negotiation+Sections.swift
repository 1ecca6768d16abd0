import Primitives

/// The sections that we write.
extension Negotiation {
  static func answering(_ offered: MediaDescription, with audio: AgreedAudio, local: LocalMedia) -> MediaDescription {
    var section = MediaDescription(
      media: "audio", port: local.rtp.port, transport: offered.transport, formats: [])
    var maxptime = local.capabilities.maxptime
    for (place, format) in audio.formats.enumerated() {
      let own = local.capabilities.audio.first {
        $0.encodingName.lowercased() == format.encodingName.lowercased() && $0.clockRate == format.clockRate
          && $0.channels == format.channels
      }
      let map = RTPMap(
        payloadType: format.receivePayloadType, encodingName: format.encodingName, clockRate: format.clockRate,
        channels: format.channels)
      // Of the codec that we like best: the others come where the peer decides so.
      if place == 0 { maxptime = min(maxptime, own?.maxptime ?? maxptime) }
      let mirrored = own?.mirrored ?? []
      add(map, fmtp: mirrored.isEmpty ? own?.fmtp : FormatParameters(format.fmtp).only(mirrored), to: &section)
    }
    if let noise = audio.comfortNoise {
      add(RTPMap(payloadType: noise, encodingName: "CN", clockRate: 8_000), fmtp: nil, to: &section)
    }
    if let event = audio.telephoneEvent { add(event, fmtp: "0-15", to: &section) }
    addCommon(local, maxptime: maxptime, direction: audio.direction, isMuxed: audio.rtcpMux, to: &section)
    if case .dtls(let peer) = audio.security {
      addSecurity(local.security, setup: peer.isClient ? "active" : "passive", to: &section)
    } else {
      addSecurity(local.security, setup: "", to: &section)
    }
    if let mid = offered.mid { section.attributes.append("mid", mid) }
    if let id = audio.audioLevelExtension {
      let asked = offered.extensionMaps.first { $0.uri == ExtensionMap.audioLevel }?.direction
      section.attributes.append(
        "extmap", ExtensionMap(id: Int(id), direction: asked?.reversed, uri: ExtensionMap.audioLevel).description)
    }
    addSource(local, to: &section)
    return section
  }

  /// Our audio section; codecs that `previous` names keep its numbers.
  static func offering(_ local: LocalMedia, keeping previous: MediaDescription?) -> MediaDescription {
    let capabilities = local.capabilities
    var section = MediaDescription(
      media: "audio", port: local.rtp.port,
      transport: previous?.transport ?? local.transports.first ?? "RTP/AVP",
      formats: [])
    let known = previous?.codings() ?? []
    var used = Set(known.map(\.payloadType))
    func number(_ map: RTPMap, fixed: UInt8?) -> UInt8? {
      if let last = known.first(where: {
        $0.codes(map.encodingName, clockRate: map.clockRate, channels: map.channels)
      }) {
        return last.payloadType
      }
      let wanted = fixed.map { [$0] } ?? Array(map.encodingName == "telephone-event" ? 101...127 : 96...127)
      guard let free = wanted.first(where: { !used.contains($0) }) ?? (96...127).first(where: { !used.contains($0) })
      else { return nil }
      used.insert(free)
      return free
    }
    var rates: [Int] = []
    for own in capabilities.audio {
      var map = RTPMap(
        payloadType: 0, encodingName: own.encodingName, clockRate: own.clockRate, channels: own.channels)
      guard own.isOffered || known.contains(where: { matches($0, own) }) else { continue }
      guard let type = number(map, fixed: own.staticPayloadType) else { continue }
      map.payloadType = type
      add(map, fmtp: own.fmtp, to: &section)
      if !rates.contains(own.clockRate) { rates.append(own.clockRate) }
    }
    if capabilities.comfortNoise, rates.contains(8_000) {
      var map = RTPMap(payloadType: 13, encodingName: "CN", clockRate: 8_000)
      if let type = number(map, fixed: 13) {
        map.payloadType = type
        add(map, fmtp: nil, to: &section)
      }
    }
    if capabilities.telephoneEvent {
      // 8 kHz first: its number is the familiar 101.
      for rate in rates.sorted() {
        var map = RTPMap(payloadType: 101, encodingName: "telephone-event", clockRate: rate)
        guard let type = number(map, fixed: nil) else { continue }
        map.payloadType = type
        add(map, fmtp: "0-15", to: &section)
      }
    }
    addCommon(
      local, maxptime: capabilities.maxptime, direction: local.direction, isMuxed: capabilities.rtcpMux, to: &section)
    addSecurity(local.security, setup: "actpass", to: &section)
    if let mid = previous?.mid ?? (local.security.isBundled ? "0" : nil) { section.attributes.append("mid", mid) }
    if capabilities.audioLevel {
      let last = previous?.extensionMaps.first { $0.uri == ExtensionMap.audioLevel }
      section.attributes.append(
        "extmap", (last ?? ExtensionMap(id: 1, uri: ExtensionMap.audioLevel)).description)
    }
    addSource(local, to: &section)
    return section
  }

  /// The voice goes with the first picture: a browser keeps sound and picture of one media stream together.
  private static func addSource(_ local: LocalMedia, to section: inout MediaDescription) {
    guard case .dtls = local.security, let source = local.audioSource else { return }
    if let first = local.videoStreams.keys.min() { section.attributes.append("msid", "view\(first) voice") }
    section.attributes.append("ssrc", "\(source.ssrc) cname:\(source.canonicalName)")
  }

  private static func add(_ map: RTPMap, fmtp: String?, to section: inout MediaDescription) {
    section.formats.append(String(map.payloadType))
    section.attributes.append("rtpmap", map.description)
    if let fmtp, !fmtp.isEmpty { section.attributes.append("fmtp", "\(map.payloadType) \(fmtp)") }
  }

  private static func addCommon(
    _ local: LocalMedia, maxptime: Int, direction: Direction, isMuxed: Bool, to section: inout MediaDescription
  ) {
    section.attributes.append("ptime", String(min(local.capabilities.ptime, maxptime)))
    section.attributes.append("maxptime", String(maxptime))
    section.attributes.append(direction.rawValue)
    if isMuxed { section.attributes.append("rtcp-mux") }
    if local.security.isBundled { return }
    if local.rtcp.port != local.rtp.port &+ 1 || local.rtcp.ip != local.rtp.ip {
      section.attributes.append("rtcp", "\(local.rtcp.port) \(Connection(local.rtcp.ip))")
    }
  }
}
