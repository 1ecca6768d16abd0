/// What this end wants of session timers: RFC 4028.
package struct SessionTimerPolicy: Hashable, Sendable, Codable {
  /// The session interval that we ask for, in seconds; nil: we ask for none, but grant what the peer asks for.
  package var interval: UInt32?
  /// The least that we allow, in seconds; at least 90 (section 4).
  package var minimum: UInt32

  package init(interval: UInt32? = 1_800, minimum: UInt32 = 90) {
    self.minimum = max(90, minimum)
    self.interval = interval.map { max($0, max(90, minimum)) }
  }
}
