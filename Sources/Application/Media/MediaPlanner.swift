import Codecs
import Conference
import ICE
import Primitives
import SDP
import SecureRTP

/// Turns what SDP agreed into what the media plane does, and the operator's codec list into what SDP offers.
package struct MediaPlanner: Hashable, Sendable {
  package var capabilities: MediaCapabilities
  /// Milliseconds, unless the peer asks for another time.
  package var packetTime: Int
  private let codecs: [CodecFormat]
  /// What the peer means by the names of G.726 in RFC 3551; nil: what they say.
  private var g726Packing: G726Packing?

  /// `codecs`: those allowed, best first.
  package init(codecs: [CodecFormat], transports: [String] = ["RTP/AVP", "RTP/AVPF"], packetTime: Int = 20) {
    let audio = codecs.compactMap { format -> AudioCapability? in
      guard let row = CodecTable.row(format) else { return nil }
      return AudioCapability(
        encodingName: row.encodingName, clockRate: format.clockRate,
        channels: row.encodingParameters.flatMap { Int($0) } ?? 1, staticPayloadType: row.staticPayloadType,
        fmtp: row.offer ?? MediaPlanner.wishes(of: format), isOffered: row.isOffered, mirrored: row.mirrored,
        refused: row.refused, maxptime: format.longestPacketTime)
    }
    self.capabilities = MediaCapabilities(
      audio: audio, video: MediaPlanner.videoCodecs.map(\.capability), transports: transports, ptime: packetTime)
    self.packetTime = packetTime
    self.codecs = codecs
  }

  /// The same with the codecs that a room, a trunk or an order leaves; with all if that is none.
  package func filtered(by filter: CodecFilter) -> MediaPlanner {
    let left = filter.apply(to: codecs)
    var planner =
      left == codecs || left.isEmpty
      ? self : MediaPlanner(codecs: left, transports: capabilities.transports, packetTime: packetTime)
    planner.g726Packing = filter.g726Packing ?? g726Packing
    return planner
  }

  /// - Parameters:
  ///   - crypto: our keys, where the peer wants them in descriptions.
  ///   - videoStreams: what we send in each video section.
  ///   - audioSource: what we send the voice as.
  package func local(
    ports: LegPorts, sessionID: UInt64, direction: Direction = .sendrecv, crypto: SDESCrypto? = nil,
    videoStreams: [Int: LocalVideoStream] = [:], audioSource: LocalAudioSource? = nil
  ) -> LocalMedia {
    LocalMedia(
      rtp: ports.rtp, rtcp: ports.rtcp, sessionID: sessionID, capabilities: capabilities, direction: direction,
      security: crypto.map { .sdes([$0.value]) } ?? MediaPlanner.security(of: ports), videoStreams: videoStreams,
      audioSource: audioSource)
  }

  /// A leg that was opened for a browser speaks WebRTC, and nothing else.
  private static func security(of ports: LegPorts) -> LocalSecurity {
    guard let ice = ports.ice, let fingerprint = ports.fingerprint else { return .none }
    var candidates = [ICECandidate(local: ports.rtp, transport: .udp)]
    if let stream = ports.stream { candidates.append(ICECandidate(local: stream, transport: .tcp)) }
    return .dtls(
      LocalDTLS(
        ufrag: ice.ufrag, password: ice.password, fingerprint: fingerprint.description,
        candidates: candidates.map(\.description)))
  }

  /// Nil if no agreed format is known to the codec table.
  /// - Parameters:
  ///   - sending: our line, where keys are told in descriptions.
  ///   - local: what our description says of ICE.
  package func plan(
    _ audio: AgreedAudio, sending: SDESCrypto? = nil, as local: ICECredentials? = nil
  ) -> LegPlan? {
    // The peer's parameters say how it wants to be sent to (RFC 7587, section 6.1).
    let formats = audio.formats.compactMap { agreed -> (agreed: AgreedFormat, format: CodecFormat)? in
      CodecTable.lookup(
        encodingName: agreed.encodingName, clockRate: agreed.clockRate, channels: agreed.channels,
        fmtp: agreed.fmtp ?? ""
      ).map { (agreed, meant(by: $0)) }
    }
    guard !formats.isEmpty, let security = MediaSecurity(audio.security, sending: sending, as: local) else {
      return nil
    }
    let (place, packetTime) = choose(among: formats.map(\.format), for: audio)
    let first = formats[place]
    return LegPlan(
      audio: AudioPlan(
        send: PayloadFormat(
          payloadType: first.agreed.payloadType,
          format: sent(first.format, packetTime: packetTime, for: audio)),
        receive: formats.map {
          PayloadFormat(payloadType: $0.agreed.receivePayloadType, format: MediaPlanner.received($0.format))
        },
        telephoneEvent: audio.telephoneEvent.map {
          TelephoneEventPlan(payloadType: $0.payloadType, clockRate: $0.clockRate)
        },
        comfortNoise: audio.comfortNoise, direction: MediaPlanner.direction(audio.direction),
        remote: audio.remoteRTP, remoteRTCP: audio.remoteRTCP, rtcpMux: audio.rtcpMux,
        packetTime: packetTime, audioLevelExtension: audio.audioLevelExtension,
        security: security))
  }

  /// What kind of leg an offer wants.
  package static func kind(of offer: SessionDescription) -> LegKind {
    let section = offer.media.first { $0.media == "audio" && $0.port != 0 }
    return section?.transport.contains("/TLS/") == true ? .webRTC : .plain
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

  /// Some devices pack G.726 as AAL2 does, and call it by the names of RFC 3551.
  private func meant(by format: CodecFormat) -> CodecFormat {
    guard let g726Packing, case .g726(let bitRate, .rfc3551) = format.parameters else { return format }
    return .g726(bitRate, g726Packing)
  }

  /// What a decoder must know: nothing of what was asked of the encoder.
  private static func received(_ format: CodecFormat) -> CodecFormat {
    switch format.parameters {
    case .opus, .speex: CodecTable.row(format)?.format ?? format
    case .none, .g726, .ilbc, .amr: format
    }
  }

  /// Loss is mended by the peer's forward error correction wherever it can (RFC 7587, section 6.1).
  private static func wishes(of format: CodecFormat) -> String? {
    guard format.codec == .opus else { return nil }
    var parameters = format.opus
    parameters.useInbandFEC = true
    return parameters.fmtp
  }
}
