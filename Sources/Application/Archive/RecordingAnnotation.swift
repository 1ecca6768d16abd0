/// What is to be changed of what people say about a recording. Absent members mean "leave as it is".
package struct RecordingAnnotation: Hashable, Sendable {
  package var tags: [String]?
  package var legalHold: Bool?
  /// Why the hold is set or released, for the ledger.
  package var reason: String?

  package init(tags: [String]? = nil, legalHold: Bool? = nil, reason: String? = nil) {
    self.tags = tags
    self.legalHold = legalHold
    self.reason = reason
  }
}
