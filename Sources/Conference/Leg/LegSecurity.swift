import SecureRTP

/// What stands between a leg and its ports.
enum LegSecurity {
  /// Nothing: RTP as it is.
  case plain
  /// SRTP with keys from session descriptions; the peer's address is learned as that of plain RTP.
  case sdes(SRTPPair)
  /// ICE, DTLS and SRTP.
  case webRTC(SecureTransport)
  /// Nothing goes in or out: what was agreed cannot be done.
  case shut

  /// Protects an RTP packet in place: its octets, or nil if it must not be sent.
  func protect(rtp packet: inout MutableSpan<UInt8>, count: Int) -> Int? {
    switch self {
    case .plain: count
    case .sdes(let pair): pair.protect(rtp: &packet, count: count)
    case .webRTC(let transport): transport.media?.protect(rtp: &packet, count: count)
    case .shut: nil
    }
  }

  /// The same for a compound of RTCP.
  func protect(rtcp packet: inout MutableSpan<UInt8>, count: Int) -> Int? {
    switch self {
    case .plain: count
    case .sdes(let pair): pair.protect(rtcp: &packet, count: count)
    case .webRTC(let transport): transport.media?.protect(rtcp: &packet, count: count)
    case .shut: nil
    }
  }

  /// What media, and reports that go with it, are sent by.
  var mediaChannel: MediaChannel {
    switch self {
    case .plain, .sdes, .shut: .rtp
    case .webRTC(let transport): transport.channel
    }
  }

  /// Octets by which a packet becomes longer at most.
  var overhead: Int {
    switch self {
    case .plain, .shut: 0
    case .sdes, .webRTC: SRTPPair.maximumOverhead
    }
  }
}
