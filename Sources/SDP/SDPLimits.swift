/// What a peer can make grow in a session description, and how far.
package enum SDPLimits {
  /// Octets of the whole text.
  package static let size = 65_536
  /// Of any kind, empty ones too.
  package static let lines = 4_096
  package static let mediaSections = 64
  /// Formats of an `m=` line: twice as many as there are payload types.
  package static let formats = 256
  /// `a=` lines, the session's and the sections' together.
  package static let attributes = 1_024
  /// Every other line that may repeat: `b=`, `c=`, `t=`, `r=`, `e=`, `p=`.
  package static let repeatedLines = 256
}
