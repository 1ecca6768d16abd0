import Conference
import Primitives
import SIP

/// One call: a dialog with its media. The parts keep their own rules; this struct routes between them and says what is due.
package struct Call: Sendable {
  package let id: String
  package let direction: CallDirection
  package let from: String
  package let to: String
  package let started: String
  package var context: CallContext
  package let authenticatedUser: String?

  package var stage: CallStage
  package var dialog: Dialog?
  /// What the table of dialogs knows it by, from its first message on.
  package let dialogKey: DialogID
  package var media: OfferAnswer
  package var timer = SessionTimer()
  package var provisional: ReliableProvisional?
  /// The 2xx that waits for its ACK.
  package var answer: AnswerRetransmission?
  package var exchange: Exchange?
  /// When to send a re-INVITE or UPDATE again that met one of the peer's (RFC 3261, section 14.1).
  package var retry: Instant?
  package var transfers: [Transfer] = []
  package var seat: Seat
  /// Where requests in the dialog go; nil: by route and target.
  package var destination: SIPDestination?
  /// Our Contact in this call.
  package let contact: String
  package var peerTakesUpdate = false
  package var chatWay = ChatWay.none
  package var chatAllowance = CallController.chatAllowance
  package var trunk: Trunk?
  /// Whose page called by it: such a call goes nowhere else.
  package var visitor: Visitor?
  /// The room was told of the call.
  package var isConnected = false
  package var isHeld = false
  package var answered: String?
  package var ended: String?
  package var cause: String?

  package init(
    id: String, direction: CallDirection, from: String, to: String, started: String, context: CallContext,
    authenticatedUser: String?, stage: CallStage, dialogKey: DialogID, media: OfferAnswer, seat: Seat, contact: String
  ) {
    self.id = id
    self.direction = direction
    self.from = from
    self.to = to
    self.started = started
    self.context = context
    self.authenticatedUser = authenticatedUser
    self.stage = stage
    self.dialogKey = dialogKey
    self.media = media
    self.seat = seat
    self.contact = contact
  }

  /// What the peer says in `Allow`, in a request or response that makes or refreshes the dialog.
  package mutating func learn(allowed methods: [String]) {
    if methods.contains("UPDATE") { peerTakesUpdate = true }
    if methods.contains("MESSAGE"), chatWay == .none { chatWay = .inDialog }
  }

  /// Nothing more is said or awaited.
  package var isEnded: Bool { if case .ended = stage { true } else { false } }
  package var isEstablished: Bool { if case .established = stage { true } else { false } }
  /// The room has it no more.
  package var hasLeft: Bool {
    switch stage {
    case .leaving, .ended: true
    case .incoming, .outgoing, .established: false
    }
  }

  package var phase: CallPhase {
    switch stage {
    case .incoming: .trying
    case .outgoing(let attempt): attempt.isRinging ? .ringing : .trying
    case .established: .answered
    case .leaving, .ended: .ended
    }
  }

  /// `room`: where it is now, if the member moved.
  package func description(room: String?) -> CallDescription {
    CallDescription(
      id: id, direction: direction, state: phase, from: from, to: to, room: room ?? seat.roomName,
      member: hasLeft ? nil : MemberIdentifier.text(seat.leg), started: started, answered: answered, ended: ended,
      cause: cause, context: context)
  }
}
