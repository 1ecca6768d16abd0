import Primitives
import SDP
import SIP

/// An INVITE of ours on its way: RFC 3261, section 13.2.
package struct OutgoingAttempt: Sendable {
  /// One branch of a fork that rings.
  package struct Early: Sendable {
    package var dialog: Dialog
    package var receiver = ReliableProvisionalReceiver()
    /// Of a reliable provisional response (RFC 3262, section 5).
    package var answer: SessionDescription?

    package init(dialog: Dialog) { self.dialog = dialog }
  }

  /// Branches that are followed; further ones only count when they answer.
  package static let earlyLimit = 8

  package var id: ClientTransactionID
  package var request: SIPRequest
  package let offer: SessionDescription
  package var trunk: Trunk?
  package var destination: SIPDestination?
  /// Give up ringing then.
  package var end: Instant
  package var isRinging = false
  /// A challenge was answered: a second one is a refusal.
  package var isAuthenticated = false
  /// 422 was answered once.
  package var askedLonger = false
  /// By To tag.
  package var early: [String: Early] = [:]

  package init(
    id: ClientTransactionID, request: SIPRequest, offer: SessionDescription, trunk: Trunk?,
    destination: SIPDestination?, end: Instant
  ) {
    self.id = id
    self.request = request
    self.offer = offer
    self.trunk = trunk
    self.destination = destination
    self.end = end
  }
}
