/// The name of a dialog at one end of it: RFC 3261, section 12.
package struct DialogID: Hashable, Sendable, Codable {
  package var callID: String
  package var localTag: String
  /// Empty if the peer gave none (RFC 2543).
  package var remoteTag: String

  package init(callID: String, localTag: String, remoteTag: String) {
    self.callID = callID
    self.localTag = localTag
    self.remoteTag = remoteTag
  }

  /// The dialog that an incoming request speaks of; nil if it is outside of any (no To tag) or lacks fields.
  package init?(incoming request: SIPRequest) {
    guard let callID = request.headers["Call-ID"], let localTag = request.headers.to?.tag, !localTag.isEmpty,
      let from = request.headers.from
    else { return nil }
    self.init(callID: callID, localTag: localTag, remoteTag: from.tag ?? "")
  }

  /// The dialog that a response to a request of ours makes or belongs to; nil without To tag (such as 100).
  package init?(incoming response: SIPResponse) {
    guard let callID = response.headers["Call-ID"], let localTag = response.headers.from?.tag,
      let remoteTag = response.headers.to?.tag, !remoteTag.isEmpty
    else { return nil }
    self.init(callID: callID, localTag: localTag, remoteTag: remoteTag)
  }
}
