/// Who says hello; RFC 5763, section 5, and RFC 4145, section 4, for the words of `a=setup`.
package enum DTLSRole: Hashable, Sendable {
  /// `active`: sends the ClientHello.
  case client
  /// `passive`: waits for it.
  case server
}
