/// One thing that `doctor` looked at.
struct Finding: Encodable, Sendable {
  enum Verdict: String, Encodable, Sendable {
    case ok
    /// Works, but not for many calls or not well.
    case warn
    /// The server cannot start or not do what it is for.
    case fail
  }

  var verdict: Verdict
  var subject: String
  /// What was found.
  var state: String
  /// What to do about it; nil if nothing.
  var next: String?

  init(_ verdict: Verdict, _ subject: String, _ state: String, next: String? = nil) {
    self.verdict = verdict
    self.subject = subject
    self.state = state
    self.next = next
  }
}
