/// Something that happened in a recording, for who looks for the moment that matters.
package struct RecordingMarker: Codable, Hashable, Sendable {
  package enum Kind: String, Codable, Hashable, Sendable, CaseIterable {
    case joined, left
    /// Speaks, from `at` to `to`.
    case talking
    /// An announcement; `name` says which.
    case prompt
    /// A key was pressed; which one is not kept.
    case key
    /// Somebody marked the moment; `name` says why, if anybody said.
    case mark
  }

  /// Octets of what is said why a moment is marked.
  package static let maximumNote = 255

  package var kind: Kind
  /// Seconds from the start of the recording.
  package var at: Double
  /// The end of what lasts.
  package var to: Double?
  package var party: String?
  package var name: String?

  package init(_ kind: Kind, at: Double, to: Double? = nil, party: String? = nil, name: String? = nil) {
    self.kind = kind
    self.at = at
    self.to = to
    self.party = party
    self.name = name
  }
}
