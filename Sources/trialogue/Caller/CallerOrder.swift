import Primitives

/// What one caller shall do.
struct CallerOrder: Sendable {
  /// How the caller gets its partner.
  enum Partner: Sendable {
    /// By a SIP call to this URI.
    case sip(uri: String)
    /// Somebody else has agreed on the addresses already.
    case plain(local: TransportAddress, remote: TransportAddress, payloadType: UInt8)
  }

  var id: CallerID
  /// A browser's call: ICE, DTLS, SRTP; only by SIP.
  var isBrowser = false
  var partner: Partner
  var format: CallerFormat
  var talk: Talk
  var voice: CodedVoice
  var quiet: CodedVoice
  /// So many of the packets that come are kept to be heard later.
  var keeps = 0
  /// The name that the server is told.
  var name = "caller"
}
