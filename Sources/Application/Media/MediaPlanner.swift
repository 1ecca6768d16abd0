import Codecs
import Conference
import Primitives
import SDP

/// Turns what SDP agreed into what the media plane does, and the operator's codec list into what SDP offers.
package struct MediaPlanner: Hashable, Sendable {
  package var capabilities: MediaCapabilities
  /// Milliseconds, unless the peer asks for another time.
  package var packetTime: Int

  private static let packetTimes = [10, 20, 30, 40, 60]

  /// `codecs`: those allowed, best first.
  package init(codecs: [CodecFormat], transports: [String] = ["RTP/AVP", "RTP/AVPF"], packetTime: Int = 20) {
    let audio = codecs.compactMap { format -> AudioCapability? in
      guard let row = CodecTable.row(format) else { return nil }
      return AudioCapability(
        encodingName: row.encodingName, clockRate: format.clockRate,
        channels: row.encodingParameters.flatMap { Int($0) } ?? 1, staticPayloadType: row.staticPayloadType,
        fmtp: format.codec == .opus ? MediaPlanner.wishes(of: format.opus) : nil)
    }
    self.capabilities = MediaCapabilities(audio: audio, transports: transports, ptime: packetTime)
    self.packetTime = packetTime
  }

  package func local(ports: LegPorts, sessionID: UInt64, direction: Direction = .sendrecv) -> LocalMedia {
    LocalMedia(
      rtp: ports.rtp, rtcp: ports.rtcp, sessionID: sessionID, capabilities: capabilities, direction: direction)
  }

  /// Nil if no agreed format is known to the codec table.
  package func plan(_ audio: AgreedAudio) -> LegPlan? {
    let formats = audio.formats.compactMap { agreed -> (agreed: AgreedFormat, format: CodecFormat)? in
      CodecTable.lookup(encodingName: agreed.encodingName, clockRate: agreed.clockRate, channels: agreed.channels)
        .map { (agreed, $0) }
    }
    guard let first = formats.first else { return nil }
    var send = first.format
    // The peer's parameters say how it wants to be sent to (RFC 7587, section 6.1).
    if send.codec == .opus { send.opus = OpusParameters(fmtp: first.agreed.fmtp ?? "") }
    return LegPlan(
      audio: AudioPlan(
        send: PayloadFormat(payloadType: first.agreed.payloadType, format: send),
        receive: formats.map { PayloadFormat(payloadType: $0.agreed.receivePayloadType, format: $0.format) },
        telephoneEvent: audio.telephoneEvent.map {
          TelephoneEventPlan(payloadType: $0.payloadType, clockRate: $0.clockRate)
        },
        comfortNoise: audio.comfortNoise, direction: MediaPlanner.direction(audio.direction),
        remote: audio.remoteRTP, remoteRTCP: audio.remoteRTCP, rtcpMux: audio.rtcpMux,
        packetTime: time(audio, default: first.format), audioLevelExtension: audio.audioLevelExtension))
  }

  /// The family of the ports that an offer wants: that of its first usable audio address.
  package static func family(of offer: SessionDescription) -> AddressFamily {
    let section = offer.media.first { $0.media == "audio" && $0.port != 0 }
    let ip = section.flatMap { offer.connection(of: $0)?.ip } ?? offer.connection?.ip
    return ip?.isV6 == true ? .v6 : .v4
  }

  package static func direction(_ direction: Direction) -> MediaDirection {
    switch direction {
    case .sendrecv: .sendReceive
    case .sendonly: .sendOnly
    case .recvonly: .receiveOnly
    case .inactive: .inactive
    }
  }

  /// The peer's wish rounded down to what we can do, within its maximum.
  private func time(_ audio: AgreedAudio, default format: CodecFormat) -> Int {
    let usual = format.codec == .l16 ? CodecTable.row(format)?.defaultPacketTime ?? 10 : packetTime
    let wanted = min(audio.ptime ?? usual, audio.maxptime ?? .max, format.codec == .l16 ? usual : 60)
    return MediaPlanner.packetTimes.last { $0 <= wanted } ?? 10
  }

  /// Loss is mended by the peer's forward error correction wherever it can (RFC 7587, section 6.1).
  private static func wishes(of parameters: OpusParameters) -> String {
    var parameters = parameters
    parameters.useInbandFEC = true
    return parameters.fmtp
  }
}
