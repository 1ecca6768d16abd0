import SIP

/// The way that a dialled call takes.
struct DialPlan: Sendable {
  /// The Request-URI, without header fields.
  var uri: SIPURI
  /// Who is called, as rooms and lists show it; nil: whom the URI names. The contact of a user of ours is a name of its phone only:
  /// browsers make one up.
  var called: SIPURI?
  /// Nil: by the URI (RFC 3263).
  var destination: SIPDestination?
  var trunk: Trunk?
}
