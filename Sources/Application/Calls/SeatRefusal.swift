/// Why a caller gets no place: the answer to its INVITE. Costs one call.
package struct SeatRefusal: Error, Hashable, Sendable {
  /// Of a SIP response.
  package var status: Int
  package var reason: String
  /// Seconds.
  package var retryAfter: Int?

  package init(status: Int, reason: String, retryAfter: Int? = nil) {
    self.status = status
    self.reason = reason
    self.retryAfter = retryAfter
  }
}
