import Primitives

/// The outcome of an offer/answer for the audio section: RFC 3264.
package struct AgreedAudio: Hashable, Sendable {
  /// Of the `m=` line, from 0.
  package var index: Int
  package var transport: String
  /// Where the peer receives; nil if it gave a name, or no address (RFC 2543 hold).
  package var remoteRTP: TransportAddress?
  package var remoteRTCP: TransportAddress?
  /// Codecs both know, best first; never empty. Telephone-event and comfort noise are not among them.
  package var formats: [AgreedFormat]
  /// RFC 4733: number and clock rate, that of the first codec if the peer has it.
  package var telephoneEvent: RTPMap?
  /// RFC 3389, for codecs at 8 kHz.
  package var comfortNoise: UInt8?
  /// As ours.
  package var direction: Direction
  package var rtcpMux: Bool
  /// Milliseconds that the peer asks for.
  package var ptime: Int?
  package var maxptime: Int?
  /// What the peer wants to receive at most with all headers, in kbit/s: `b=AS`.
  package var bandwidth: Int?
  /// The same without any header, in bit/s: `b=TIAS` (RFC 3890).
  package var payloadBandwidth: Int?
  /// RFC 8285 number of RFC 6464 levels.
  package var audioLevelExtension: UInt8?
  package var security: AgreedSecurity

  package init(
    index: Int, transport: String, remoteRTP: TransportAddress?, remoteRTCP: TransportAddress?,
    formats: [AgreedFormat], telephoneEvent: RTPMap?, comfortNoise: UInt8?, direction: Direction, rtcpMux: Bool,
    ptime: Int?, maxptime: Int?, bandwidth: Int? = nil, payloadBandwidth: Int? = nil,
    audioLevelExtension: UInt8?, security: AgreedSecurity = .none
  ) {
    self.index = index
    self.transport = transport
    self.remoteRTP = remoteRTP
    self.remoteRTCP = remoteRTCP
    self.formats = formats
    self.telephoneEvent = telephoneEvent
    self.comfortNoise = comfortNoise
    self.direction = direction
    self.rtcpMux = rtcpMux
    self.ptime = ptime
    self.maxptime = maxptime
    self.bandwidth = bandwidth
    self.payloadBandwidth = payloadBandwidth
    self.audioLevelExtension = audioLevelExtension
    self.security = security
  }
}
