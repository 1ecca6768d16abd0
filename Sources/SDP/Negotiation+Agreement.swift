import Primitives

/// What two sections have in common.
extension Negotiation {
  /// Nil if the offered section cannot be used.
  static func agreement(
    on section: MediaDescription, index: Int, of offer: SessionDescription, local: LocalMedia
  ) -> AgreedAudio? {
    let capabilities = local.capabilities
    guard section.media == "audio", section.port != 0, local.transports.contains(section.transport) else { return nil }
    let offered = section.codings()
    var formats: [AgreedFormat] = []
    func take(_ map: RTPMap) {
      guard formats.count < capabilities.audio.count, !formats.contains(where: { $0.payloadType == map.payloadType })
      else { return }
      formats.append(
        AgreedFormat(
          payloadType: map.payloadType, receivePayloadType: map.payloadType, encodingName: map.encodingName,
          clockRate: map.clockRate, channels: map.channels, fmtp: section.fmtp(map.payloadType)))
    }
    if capabilities.prefersOwnOrder {
      for own in capabilities.audio { offered.first { takes($0, own, in: section) }.map(take) }
    } else {
      for map in offered where capabilities.audio.contains(where: { takes(map, $0, in: section) }) { take(map) }
    }
    guard let first = formats.first else { return nil }
    return finish(section, index: index, of: offer, formats: formats, offered: offered, first: first, local: local)
  }

  /// Nil if the peer refused our section or answered with what we did not offer.
  static func acceptance(
    of section: MediaDescription, index: Int, in answer: SessionDescription, ours: MediaDescription, local: LocalMedia
  ) -> AgreedAudio? {
    guard section.media == "audio", section.port != 0, local.transports.contains(section.transport) else { return nil }
    // An answer may leave `a=rtpmap` out: then the number means what our offer said.
    let answered = section.codings(answering: ours)
    let offered = ours.codings()
    var formats: [AgreedFormat] = []
    for map in answered where local.capabilities.audio.contains(where: { matches(map, $0) }) {
      guard
        let own = offered.first(where: { $0.codes(map.encodingName, clockRate: map.clockRate, channels: map.channels) })
      else { continue }
      formats.append(
        AgreedFormat(
          payloadType: map.payloadType, receivePayloadType: own.payloadType, encodingName: map.encodingName,
          clockRate: map.clockRate, channels: map.channels, fmtp: section.fmtp(map.payloadType)))
    }
    guard let first = formats.first else { return nil }
    var agreed = finish(
      section, index: index, of: answer, formats: formats, offered: answered, first: first, local: local)
    // Only what we offered can have been answered.
    if !ours.hasRTCPMux { agreed?.rtcpMux = false }
    return agreed
  }

  /// An offered format that is ours, and without a manner that is not.
  private static func takes(_ map: RTPMap, _ own: AudioCapability, in section: MediaDescription) -> Bool {
    matches(map, own)
      && (own.refused.isEmpty || !FormatParameters(section.fmtp(map.payloadType)).says(anyOf: own.refused))
  }

  static func matches(_ map: RTPMap, _ own: AudioCapability) -> Bool {
    map.codes(own.encodingName, clockRate: own.clockRate, channels: own.channels)
  }

  private static func finish(
    _ section: MediaDescription, index: Int, of description: SessionDescription, formats: [AgreedFormat],
    offered: [RTPMap], first: AgreedFormat, local: LocalMedia
  ) -> AgreedAudio? {
    let capabilities = local.capabilities
    let ip = description.connection(of: section)?.ip
    // Media to a group of hosts is an attack or a mistake, never a call.
    if let ip, ip.isMulticast { return nil }
    guard let security = security(of: section, in: description, local: local) else { return nil }
    let isMuxed = capabilities.rtcpMux && section.hasRTCPMux
    var theirs = description.direction(of: section)
    var remoteRTP: TransportAddress?
    var remoteRTCP: TransportAddress?
    if let ip, ip.isUnspecified {
      // Hold as in RFC 2543: "send me nothing". With ICE it is the address of who has none to name, as browsers that hide theirs behind
      // names of mDNS, and says nothing (RFC 8840, section 4.1.1).
      if case .dtls = security {} else { theirs = theirs.limited(to: .sendonly) }
    } else if let ip {
      remoteRTP = TransportAddress(ip, port: section.port)
      if isMuxed {
        remoteRTCP = remoteRTP
      } else if let rtcp = section.rtcp {
        let address = rtcp.ip ?? ip
        if !address.isMulticast, !address.isUnspecified, rtcp.port != 0 {
          remoteRTCP = TransportAddress(address, port: rtcp.port)
        }
      } else if section.port < .max {
        remoteRTCP = TransportAddress(ip, port: section.port + 1)
      }
    }
    return AgreedAudio(
      index: index, transport: section.transport, remoteRTP: remoteRTP, remoteRTCP: remoteRTCP, formats: formats,
      telephoneEvent: capabilities.telephoneEvent ? event(in: offered, clockRate: first.clockRate) : nil,
      comfortNoise: capabilities.comfortNoise && first.clockRate == 8_000 ? noise(in: offered) : nil,
      direction: theirs.reversed.limited(to: local.direction), rtcpMux: isMuxed, ptime: section.ptime,
      maxptime: section.maxptime, bandwidth: bandwidth("AS", of: section, in: description),
      payloadBandwidth: bandwidth("TIAS", of: section, in: description),
      audioLevelExtension: capabilities.audioLevel ? levels(in: section, of: description) : nil, security: security)
  }

  /// What the section, else the session says of `b=AS` (RFC 8866, section 5.8) or `b=TIAS` (RFC 3890).
  private static func bandwidth(
    _ type: String, of section: MediaDescription, in description: SessionDescription
  ) -> Int? {
    let line = (section.bandwidth + description.bandwidth).first { $0.type == type }
    // What nobody could use up is no limit.
    return line.flatMap { Int($0.value) }.flatMap { (1...1_000_000_000).contains($0) ? $0 : nil }
  }

  /// The telephone-event of the codec's clock; else any (browsers use the codec's clock whatever they declare).
  private static func event(in offered: [RTPMap], clockRate: Int) -> RTPMap? {
    let events = offered.filter { $0.encodingName.lowercased() == "telephone-event" }
    return events.first { $0.clockRate == clockRate } ?? events.first
  }

  private static func noise(in offered: [RTPMap]) -> UInt8? {
    offered.first { $0.codes("CN", clockRate: 8_000, channels: 1) }?.payloadType
  }

  private static func levels(in section: MediaDescription, of description: SessionDescription) -> UInt8? {
    let maps = section.extensionMaps + description.attributes.all("extmap").compactMap { ExtensionMap($0) }
    guard let found = maps.first(where: { $0.uri == ExtensionMap.audioLevel }), (1...255).contains(found.id),
      found.id != 15, found.direction != .inactive
    else { return nil }
    return UInt8(found.id)
  }
}
