import Conference
import Primitives
import SDP
import SIP

/// An INVITE of a stranger on its way to a seat: what is known of it until it becomes a call.
struct Arrival: Sendable {
  let request: SIPRequest
  let transaction: ServerTransactionID
  let source: SIPSource
  let member: NewMember
  let offer: SessionDescription?
  /// What the 2xx says about session timers (RFC 4028).
  let sessionTimer: SessionTimer.Answer
  let started: String
  /// The call that it takes the place of (RFC 3891).
  var replaces: String?
  /// Who calls by a widget.
  var visitor: Visitor?
  /// Once there is one.
  var leg: LegID?
}
