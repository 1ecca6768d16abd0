/// Why a message cannot be read; costs that message.
package struct SIPParseError: Error, Hashable, Sendable {
  /// What to answer with, if it was a request whose Via could be read.
  package var status: Int
  package var reason: String
  /// The request as far as it could be read, so that it can be answered.
  package var request: SIPRequest?

  package init(status: Int, reason: String, request: SIPRequest? = nil) {
    self.status = status
    self.reason = reason
    self.request = request
  }
}
