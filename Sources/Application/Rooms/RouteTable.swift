import SIP

/// Decides what a dialled URI is: first match wins, built-in services first.
///
/// RFC 4240 names conferences (`conf=NAME`) and announcements (`annc;play=NAME`); everything else goes by the
/// operator's routes and the room patterns.
package struct RouteTable: Sendable, Hashable {
  package var entryNames: Set<String>
  package var echoNames: Set<String>
  /// User part → prompt to play.
  package var announcements: [String: String]
  package var rooms: [NamePattern]
  package var routes: [Route]

  package init(
    entryNames: Set<String> = ["entry"], echoNames: Set<String> = ["echo"], announcements: [String: String] = [:],
    rooms: [NamePattern], routes: [Route] = []
  ) {
    self.entryNames = entryNames
    self.echoNames = echoNames
    self.announcements = announcements
    self.rooms = rooms
    self.routes = routes
  }

  package func target(for uri: SIPURI) -> RouteTarget {
    guard let user = uri.user, !user.isEmpty else { return .reject(status: 404, reason: "No user part in the URI") }
    if let route = routes.first(where: { $0.pattern.matches(user) }) {
      switch route.action {
      case .block: return .reject(status: 403, reason: "Blocked by a route")
      case .room(let name): return .room(name)
      case .flow(let name): return .flow(name)
      case .dial: return .external(uri)
      }
    }
    if user.hasPrefix("conf=") { return room(String(user.dropFirst(5))) }
    if user == "annc" {
      guard let name = uri.parameters["play"], NamePattern.isPlainName(name) else {
        return .reject(status: 404, reason: "No announcement named: use annc;play=NAME")
      }
      return .announcement(name)
    }
    if entryNames.contains(user) { return .entry }
    if echoNames.contains(user) { return .echo }
    if let prompt = announcements[user] { return .announcement(prompt) }
    return room(user)
  }

  /// A room of that name if a pattern allows it.
  package func room(_ name: String) -> RouteTarget {
    guard NamePattern.isPlainName(name), rooms.contains(where: { $0.matches(name) }) else {
      return .reject(status: 404, reason: "No room, service or route of that name")
    }
    return .room(name)
  }
}

/// One line of the operator's route table.
package struct Route: Sendable, Hashable {
  package enum Action: Sendable, Hashable { case block, room(String), flow(String), dial }
  package var pattern: NamePattern
  package var action: Action
  package init(pattern: NamePattern, action: Action) {
    self.pattern = pattern
    self.action = action
  }
}
