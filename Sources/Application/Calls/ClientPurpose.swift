import Primitives
import SIP

/// What a client transaction of ours is for, so that its outcome finds its way.
enum ClientPurpose: Sendable {
  /// The INVITE that a dialled call began with.
  case invite(call: String, SIPRequest, SIPDestination?)
  /// An INVITE whose 2xx came: the ACK is sent again each time that it comes again (RFC 3261, section 13.2.2.4).
  case acknowledged(Acknowledgement)
  /// A re-INVITE or UPDATE.
  case exchange(call: String)
  case bye(SIPRequest, Trunk?, SIPDestination?)
  case prack
  /// A NOTIFY of a conference subscription.
  case notify(DialogID)
  /// A NOTIFY about a transfer.
  case report(call: String, Transfer)

  /// A MESSAGE that passes a line of chat on.
  case chat(call: String, ChatLine, from: String)

  struct Acknowledgement: Sendable {
    var request: SIPRequest
    var ack: SIPRequest
    var remoteTag: String
    var destination: SIPDestination?
    /// Until then the 2xx may come again: timer M of RFC 6026.
    var until: Instant
  }
}
