/// Who is in a room, for the conference event package: RFC 4575.
package struct ConferenceState: Hashable, Sendable {
  package struct Member: Hashable, Sendable {
    package var displayName: String
    package var uri: String
    package var role: MemberRole
    /// False while the caller is greeted or asked for a PIN.
    package var isConnected: Bool
    package var isMuted: Bool
    package var hasPicture: Bool
    /// Tells the member from others of its name and address; in what others get it stands as contributing source.
    package var number: UInt32

    package init(
      displayName: String, uri: String, role: MemberRole, isConnected: Bool, isMuted: Bool, hasPicture: Bool = false,
      number: UInt32 = 0
    ) {
      self.displayName = displayName
      self.uri = uri
      self.role = role
      self.isConnected = isConnected
      self.isMuted = isMuted
      self.hasPicture = hasPicture
      self.number = number
    }
  }

  /// The user part of the conference's URI.
  package var room: String
  package var members: [Member]

  package init(room: String, members: [Member]) {
    self.room = room
    self.members = members
  }
}
