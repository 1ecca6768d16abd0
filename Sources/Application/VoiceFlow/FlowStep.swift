import Conference

/// One step of a voice flow.
package enum FlowStep: Hashable, Sendable {
  /// Says something; `allowsBargeIn`: a digit stops it, and belongs to the step after it.
  case say([SpokenPart], allowsBargeIn: Bool)
  /// Asks for digits and keeps them under a name.
  case gather(FlowGathering)
  /// Asks for one key.
  case menu(FlowMenu)
  /// Calls somebody for the caller, so many seconds; answered, the two are in a room of their own and the flow ends; otherwise it
  /// goes to a block, or on.
  case dial(FlowText, timeout: Int, otherwise: String?)
  /// Gives the caller away, who waits so many seconds for it to be answered: the flow has done its part, and says at most that
  /// nobody came.
  case transfer(FlowText, timeout: Int)
  /// Records the caller, as for voicemail, so many milliseconds at most; the key ends it earlier.
  case record(maximum: Int64, end: DTMFDigit)
  /// Asks a program elsewhere, does what it says, and goes on.
  case consult(FlowHook)
  /// Goes to a block, or on, by whether the business hours of that name are on.
  case hours(String, open: String?, closed: String?)
  /// Speaks this language from now on, if it is one.
  case language(FlowText)
  /// Gives a variable a value.
  case set(String, FlowText)
  /// Goes to a block if both texts are the same, otherwise on.
  case branch(FlowText, equals: FlowText, then: String)
  case go(String)
  /// Brings the caller into a room; the flow ends with it.
  case conference(FlowText)
  case hangUp

  /// Everything that it may say.
  var parts: [SpokenPart] {
    switch self {
    case .say(let parts, _): parts
    case .gather(let gathering): gathering.question.parts
    case .menu(let menu): menu.question.parts
    case .dial, .transfer, .record, .consult, .hours, .language, .set, .branch, .go, .conference, .hangUp: []
    }
  }

  /// The blocks that it may lead to.
  var targets: [String] {
    switch self {
    case .gather(let gathering): gathering.otherwise.map { [$0] } ?? []
    case .menu(let menu): menu.choices.values.sorted() + (menu.otherwise.map { [$0] } ?? [])
    case .branch(_, _, let block), .go(let block): [block]
    case .dial(_, _, let otherwise): otherwise.map { [$0] } ?? []
    case .consult(let hook): hook.otherwise.map { [$0] } ?? []
    case .hours(_, let open, let closed): [open, closed].compactMap(\.self)
    case .say, .transfer, .record, .language, .set, .conference, .hangUp: []
    }
  }

  /// Whether it can change nothing.
  package var leadsNowhere: Bool { if case .hours(_, nil, nil) = self { true } else { false } }

  /// As its author writes it, for traces.
  package var keyword: String {
    switch self {
    case .say: "say"
    case .gather: "gather"
    case .menu: "menu"
    case .dial: "dial"
    case .transfer: "transfer"
    case .record: "record"
    case .consult: "http"
    case .hours: "hours"
    case .language: "language"
    case .set: "set"
    case .branch: "if"
    case .go: "go"
    case .conference: "conference"
    case .hangUp: "hangup"
    }
  }
}
