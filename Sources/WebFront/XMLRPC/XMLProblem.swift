/// Why a document cannot be read: a sentence that goes on from "The document", and the octet where.
struct XMLProblem: Error, Hashable {
  var reason: String
  var position: Int

  init(_ reason: String, at position: Int) {
    self.reason = reason
    self.position = position
  }
}
