/// The number of a caller in its loop, given by who orders the call.
struct CallerID: Hashable, Sendable, Codable {
  var rawValue: Int
  init(_ rawValue: Int) { self.rawValue = rawValue }
}
