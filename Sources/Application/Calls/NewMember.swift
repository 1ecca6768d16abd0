import Conference

/// A call that asks for a place in a room.
package struct NewMember: Sendable, Hashable {
  /// Of the call.
  package var call: String
  /// The dialled user part, already routed to a room name.
  package var user: String
  package var destination: RouteTarget
  package var displayName: String
  package var uri: String
  package var role: MemberRole
  package var direction: CallDirection
  package var context: CallContext
  /// What the caller wants to hear, best first (RFC 5646); the room's where there is none of them.
  package var languages: [String]
  package var authenticatedUser: String?
  /// The member whose place it takes (RFC 3891): role and admission pass on.
  package var replaces: LegID?

  package init(
    call: String, user: String, destination: RouteTarget, displayName: String, uri: String,
    role: MemberRole = .participant, direction: CallDirection = .incoming, context: CallContext = CallContext(),
    languages: [String] = [], authenticatedUser: String? = nil, replaces: LegID? = nil
  ) {
    self.call = call
    self.user = user
    self.destination = destination
    self.displayName = displayName
    self.uri = uri
    self.role = role
    self.direction = direction
    self.context = context
    self.languages = languages
    self.authenticatedUser = authenticatedUser
    self.replaces = replaces
  }
}
