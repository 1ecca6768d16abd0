/// One end of a dialog: RFC 3261, section 12. Makes its requests and checks those that come.
///
/// Header values are kept as text, so that what the peer wrote goes back as it came.
package struct Dialog: Hashable, Sendable, Codable {
  package enum State: String, Hashable, Sendable, Codable { case early, confirmed }

  package private(set) var id: DialogID
  package private(set) var state: State
  /// The From that we send, with our tag.
  package private(set) var localParty: String
  /// The To that we send, with the peer's tag.
  package private(set) var remoteParty: String
  /// The number of our last request; nil before the first (at the called end).
  package private(set) var localSequence: UInt32?
  /// The number of the peer's last request; nil before the first (at the calling end).
  package private(set) var remoteSequence: UInt32?
  /// Values for Route, in the order in which they are sent.
  package private(set) var routeSet: [String]
  /// The peer's Contact: what our requests ask for.
  package private(set) var remoteTarget: String
  /// True if the dialog began with a sips: URI over TLS.
  package private(set) var isSecure: Bool

  package var callID: String { id.callID }
  package var localTag: String { id.localTag }
  package var remoteTag: String { id.remoteTag }

  /// The calling end, made by a 101–299 with To tag to our INVITE (or SUBSCRIBE): section 12.1.2.
  package init(uac request: SIPRequest, response: SIPResponse) throws(DialogError) {
    guard (101..<300).contains(response.status) else { throw .noDialog }
    guard let id = DialogID(incoming: response) else { throw .missing(header: "To tag") }
    guard let from = request.headers["From"] else { throw .missing(header: "From") }
    guard let to = response.headers["To"] else { throw .missing(header: "To") }
    guard let number = request.headers.cSeq?.number else { throw .missing(header: "CSeq") }
    self.id = id
    self.state = response.status < 200 ? .early : .confirmed
    self.localParty = from
    self.remoteParty = to
    self.localSequence = number
    self.remoteSequence = nil
    self.routeSet = response.headers.list("Record-Route").reversed()
    // A provisional response may lack its Contact; then the dialog talks to whom we called.
    self.remoteTarget = response.headers.contacts.first?.uri.text ?? request.uri.text
    self.isSecure = request.uri.text.lowercased().hasPrefix("sips:")
  }

  /// The called end, made when we answer a request with a 101–299 that has a To tag: section 12.1.1.
  package init(uas request: SIPRequest, localTag: String, confirmed: Bool, isSecure: Bool = false) throws(DialogError) {
    guard let callID = request.headers["Call-ID"] else { throw .missing(header: "Call-ID") }
    guard let from = request.headers.from, let fromText = request.headers["From"] else {
      throw .missing(header: "From")
    }
    guard var to = request.headers.to else { throw .missing(header: "To") }
    guard let number = request.headers.cSeq?.number else { throw .missing(header: "CSeq") }
    guard let target = request.headers.contacts.first?.uri.text else { throw .missing(header: "Contact") }
    to.parameters["tag"] = localTag
    self.id = DialogID(callID: callID, localTag: localTag, remoteTag: from.tag ?? "")
    self.state = confirmed ? .confirmed : .early
    self.localParty = to.description
    self.remoteParty = fromText
    self.localSequence = nil
    self.remoteSequence = number
    self.routeSet = request.headers.list("Record-Route")
    self.remoteTarget = target
    self.isSecure = isSecure && request.uri.text.lowercased().hasPrefix("sips:")
  }

  /// We sent the 2xx.
  package mutating func confirm() { state = .confirmed }

  /// A response to a request of ours in this dialog. A 2xx to INVITE confirms it (the route set is computed anew, section
  /// 13.2.2.4) and, like a 2xx to UPDATE, refreshes the target.
  package mutating func receive(_ response: SIPResponse) {
    guard let method = response.headers.cSeq?.method else { return }
    let isSuccess = (200..<300).contains(response.status)
    if state == .early, method == .invite, isSuccess {
      state = .confirmed
      routeSet = response.headers.list("Record-Route").reversed()
    }
    let mayRefresh = isSuccess || (method == .invite && (101..<200).contains(response.status))
    if mayRefresh, Dialog.refreshesTarget(method), let target = response.headers.contacts.first {
      remoteTarget = target.uri.text
    }
  }

  /// Checks a request of the peer in this dialog, and takes its Contact over if its method refreshes the target. ACK and
  /// CANCEL carry an old number and are not checked for order.
  package mutating func receive(_ request: SIPRequest) -> DialogVerdict {
    guard DialogID(incoming: request) == id, let number = request.headers.cSeq?.number else { return .foreign }
    if request.method == .ack || request.method == .cancel { return .accepted }
    // RFC 3261, section 12.2.2, refuses lower numbers only; some phones repeat a number after a challenge.
    if let last = remoteSequence, number < last { return .outOfOrder }
    remoteSequence = number
    if Dialog.refreshesTarget(request.method), let target = request.headers.contacts.first {
      remoteTarget = target.uri.text
    }
    return .accepted
  }

  /// RFC 3261, section 12.2, RFC 3311 and RFC 6665, section 4.4.1.
  private static func refreshesTarget(_ method: SIPMethod) -> Bool {
    method == .invite || method == .update || method == .subscribe || method == .notify
  }

  /// Numbers start low enough that a long dialog never wraps: below 2^31 (section 8.1.1.5).
  mutating func nextSequence() -> UInt32 {
    let next = (localSequence ?? 0) &+ 1
    localSequence = next
    return next
  }
}
