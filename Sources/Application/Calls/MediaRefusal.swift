/// Why a description of a peer was not taken: the answer to the request that brought it. The session stays as it was.
package struct MediaRefusal: Error, Hashable, Sendable {
  package var status: Int
  package var reason: String

  package init(_ status: Int, _ reason: String) {
    self.status = status
    self.reason = reason
  }
}
