import SIP

/// A re-INVITE or UPDATE of ours that has no final response yet: one at a time, RFC 3261, section 14.1.
package struct Exchange: Hashable, Sendable {
  package let id: ClientTransactionID
  package let request: SIPRequest
  package let hasOffer: Bool

  package init(id: ClientTransactionID, request: SIPRequest, hasOffer: Bool) {
    self.id = id
    self.request = request
    self.hasOffer = hasOffer
  }
}
