import Primitives
import SDP
import SIP

/// One outgoing call of the callers' user agent: RFC 3261, section 13.2.
struct AgentCall: Sendable {
  enum Stage: Sendable {
    /// No final response yet. `isUnwanted`: hang up as soon as there is one.
    case inviting(ClientTransactionID, isUnwanted: Bool)
    case standing(Dialog, acknowledgement: SIPRequest)
    /// The BYE is out; what the call's end will be called.
    case leaving(Dialog, acknowledgement: SIPRequest, CallEnding)
  }

  let id: CallerID
  var invite: SIPRequest
  let media: LocalMedia
  /// Ours, as it was last sent.
  var description: SessionDescription
  let started: Instant
  var stage: Stage
  /// Credentials went out already: a second challenge is a refusal.
  var hasProvenItself = false
}
