/// What a response is matched to its client transaction by: branch and method (RFC 3261, section 17.1.3).
package struct ClientTransactionKey: Hashable, Sendable {
  package let branch: String
  package let method: SIPMethod

  package init(branch: String, method: SIPMethod) {
    self.branch = branch
    self.method = method
  }

  /// Nil if the response has no Via branch or no CSeq that can be read.
  init?(_ response: SIPResponse) {
    guard let branch = response.headers.topVia?.branch, let cSeq = response.headers.cSeq else { return nil }
    self.init(branch: branch, method: cSeq.method)
  }
}
