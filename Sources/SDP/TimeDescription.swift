/// A `t=` line and its `r=` lines: RFC 8866, sections 5.9 and 5.10. Calls say `0 0`: no bounds.
package struct TimeDescription: Hashable, Sendable {
  package var active: String
  package var repeats: [String]

  package init(_ active: String = "0 0", repeats: [String] = []) {
    self.active = active
    self.repeats = repeats
  }
}
