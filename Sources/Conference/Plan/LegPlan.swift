import Codecs
import Primitives

/// What signalling agreed for one member's media: the outcome of an SDP offer/answer, without a word of SDP.
package struct LegPlan: Hashable, Sendable {
  package var audio: AudioPlan
  /// Nil if no video was ever agreed.
  package var video: VideoPlan?

  package init(audio: AudioPlan, video: VideoPlan? = nil) {
    self.audio = audio
    self.video = video
  }
}

/// The audio stream of a leg.
package struct AudioPlan: Hashable, Sendable {
  /// What we send with, or nil while nothing is agreed.
  package var send: PayloadFormat
  /// Every payload type that we accept, `send`'s included.
  package var receive: [PayloadFormat]
  /// RFC 4733 payload type and clock rate, the same number both ways; nil if not agreed.
  package var telephoneEvent: TelephoneEventPlan?
  /// RFC 3389 comfort noise payload type at 8 kHz (13), nil if not agreed.
  package var comfortNoise: UInt8?
  package var direction: MediaDirection
  /// Where the peer says that it receives RTP; nil until known. Symmetric RTP may learn another address, once.
  package var remote: TransportAddress?
  /// Where the peer receives RTCP; `remote` itself with rtcp-mux.
  package var remoteRTCP: TransportAddress?
  /// RFC 5761: RTCP comes and goes on the RTP port.
  package var rtcpMux: Bool
  /// The packet time that we send with, in milliseconds: 10, 20, 30, 40 or 60.
  package var packetTime: Int
  /// RFC 8285 id of `urn:ietf:params:rtp-hdrext:ssrc-audio-level` (RFC 6464), nil if not agreed.
  package var audioLevelExtension: UInt8?
  /// How it is protected. WebRTC always has rtcp-mux, and its addresses come from ICE: `remote` does not count.
  package var security: MediaSecurity
  /// What we send as; nil lets the leg choose. Only the first plan of a leg decides.
  package var source: Source?

  /// A source of ours, as the session description says it.
  package struct Source: Hashable, Sendable {
    package var ssrc: UInt32
    package var canonicalName: String

    package init(ssrc: UInt32, canonicalName: String) {
      self.ssrc = ssrc
      self.canonicalName = canonicalName
    }
  }

  package init(
    send: PayloadFormat, receive: [PayloadFormat], telephoneEvent: TelephoneEventPlan? = nil,
    comfortNoise: UInt8? = nil, direction: MediaDirection = .sendReceive, remote: TransportAddress?,
    remoteRTCP: TransportAddress? = nil, rtcpMux: Bool = false, packetTime: Int = 20,
    audioLevelExtension: UInt8? = nil, security: MediaSecurity = .none, source: Source? = nil
  ) {
    self.send = send
    self.receive = receive
    self.telephoneEvent = telephoneEvent
    self.comfortNoise = comfortNoise
    self.direction = direction
    self.remote = remote
    self.remoteRTCP = remoteRTCP
    self.rtcpMux = rtcpMux
    self.packetTime = packetTime
    self.audioLevelExtension = audioLevelExtension
    self.security = security
    self.source = source
  }
}

/// A payload type number and what it stands for in this leg.
package struct PayloadFormat: Hashable, Sendable, Codable {
  package var payloadType: UInt8
  package var format: CodecFormat
  package init(payloadType: UInt8, format: CodecFormat) {
    self.payloadType = payloadType
    self.format = format
  }
}

/// RFC 4733 as agreed for a leg.
package struct TelephoneEventPlan: Hashable, Sendable, Codable {
  package var payloadType: UInt8
  /// Ticks a second of the event's timestamp as declared. Browsers run on the audio codec's clock whatever they declare.
  package var clockRate: Int
  package init(payloadType: UInt8, clockRate: Int) {
    self.payloadType = payloadType
    self.clockRate = clockRate
  }
}

/// RFC 3264 direction, from the server's side: `sendOnly` means that the peer holds us off (it listens only).
package enum MediaDirection: String, Hashable, Sendable, Codable {
  case sendReceive, sendOnly, receiveOnly, inactive

  package var sends: Bool { self == .sendReceive || self == .sendOnly }
  package var receives: Bool { self == .sendReceive || self == .receiveOnly }
}
