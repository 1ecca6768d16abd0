import SIP

/// The way that a dialled call takes.
struct DialPlan: Sendable {
  /// The Request-URI, without header fields.
  var uri: SIPURI
  /// Nil: by the URI (RFC 3263).
  var destination: SIPDestination?
  var trunk: Trunk?
}
