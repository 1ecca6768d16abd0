import Application

/// What a `PATCH` of a recording may hold: an action of one that is being made, or what people say about any.
struct RecordingPatch: Decodable {
  static let known: Set<String> = ["action", "mark", "tags", "legalHold", "reason"]

  var action: RecordingChange?
  /// Why this moment is marked; empty: for no reason that is told.
  var mark: String?
  var tags: [String]?
  var legalHold: Bool?
  var reason: String?

  /// Nil if there is nothing to say.
  var annotation: RecordingAnnotation? {
    tags == nil && legalHold == nil ? nil : RecordingAnnotation(tags: tags, legalHold: legalHold, reason: reason)
  }
}
