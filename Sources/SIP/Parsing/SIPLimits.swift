/// What a message may hold at most; beyond it is refused before memory is spent on it.
package struct SIPLimits: Hashable, Sendable {
  /// Octets of start line and header fields together.
  package var headerBytes = 65_536
  /// Octets of the body on stream transports.
  package var bodyBytes = 1_048_576
  /// Header fields.
  package var fields = 512
  package init() {}
}
