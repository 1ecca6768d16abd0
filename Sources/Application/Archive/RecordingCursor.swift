/// The place in a list after which its next page begins: opaque outside, `NUMBER` or `NUMBER~DURATION` inside.
package struct RecordingCursor: Codable, Hashable, Sendable {
  /// Of the last recording of the page before, as the index counts.
  package var number: Int64
  /// Its length in seconds, where the list is sorted by that.
  package var duration: Double?

  package init(number: Int64, duration: Double? = nil) {
    self.number = number
    self.duration = duration
  }

  /// Nil for what was never the `next` of a page.
  package init?(_ text: String) {
    let parts = text.split(separator: "~", maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = parts.first, let number = Int64(first), number >= 0 else { return nil }
    self.number = number
    guard parts.count == 2 else { return }
    guard let duration = Double(parts[1]), duration.isFinite else { return nil }
    self.duration = duration
  }

  package var text: String { duration.map { "\(number)~\($0)" } ?? "\(number)" }
}
