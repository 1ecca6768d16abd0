/// How found recordings follow each other: the whole list of what a caller may sort by.
package enum RecordingOrder: String, Codable, Hashable, Sendable, CaseIterable {
  case newest = "-started"
  case oldest = "started"
  case longest = "-duration"
  case shortest = "duration"
}
