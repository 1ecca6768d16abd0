import SIP

/// A call to be made, checked: who is called, into which room, and what goes along.
struct DialOrder: Sendable {
  var plan: DialPlan
  var room: String
  var from: NameAddress
  var role: MemberRole
  var context: CallContext
  var headers: [(name: String, value: String)]
  /// Seconds to ring.
  var timeout: Int
  var codecs = CodecFilter.all
}
