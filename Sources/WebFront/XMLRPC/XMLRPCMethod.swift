import Application

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The methods of XML-RPC, with the names that servers of this trade have long had. Each asks the control plane for what REST
/// asks it for, and needs the same role.
enum XMLRPCMethod: String, CaseIterable {
  case roomCreate, roomInfo, dialout, kickout, mute, unmute, listRooms, findParticipant, context, recordings
  case listMethods = "system.listMethods"

  var role: Access.Role {
    switch self {
    case .listRooms, .roomInfo, .findParticipant, .context, .listMethods: .viewer
    case .dialout, .mute, .unmute: .agent
    case .roomCreate, .kickout, .recordings: .supervisor
    }
  }

  /// Throws a `ControlError` or an `XMLRPCFault`.
  func perform(_ call: XMLRPCCall, by control: any ControlPlane) async throws -> XMLRPCValue {
    switch self {
    case .listMethods:
      try call.expect(atMost: 0)
      return .array(Self.allCases.map { .string($0.rawValue) })
    case .listRooms:
      try call.expect(atMost: 0)
      return .array(await control.rooms().map { .string($0.name) })
    case .roomInfo:
      try call.expect(atMost: 1)
      return try Self.value(try await control.room(try call.string(0, "room")))
    case .roomCreate:
      try call.expect(atMost: 2)
      let options = try call.options(1, known: ["pin", "moderatorPIN", "language", "record"])
      let creation = RoomCreation(
        name: try call.string(0, "room"), pin: try options.string("pin"),
        moderatorPIN: try options.string("moderatorPIN"), language: try options.string("language"),
        record: try options.boolean("record"))
      return try Self.value(try await control.createRoom(creation))
    case .dialout:
      try call.expect(atMost: 3)
      let options = try call.options(2, known: ["from", "headers", "context", "timeout"])
      let request = DialRequest(
        uri: try call.string(1, "uri"), room: try call.string(0, "room"), from: try options.string("from"),
        headers: try options.texts("headers"), context: try options.texts("context"),
        timeout: try options.integer("timeout"))
      return try Self.value(try await control.dial(request))
    case .kickout:
      try call.expect(atMost: 2)
      try await control.removeMember(try call.string(1, "member"), from: try call.string(0, "room"))
      return .boolean(true)
    case .mute, .unmute:
      try call.expect(atMost: 2)
      let change = MemberChange(muted: self == .mute)
      return try Self.value(
        try await control.updateMember(try call.string(1, "member"), in: try call.string(0, "room"), change))
    case .findParticipant:
      try call.expect(atMost: 1)
      return try await Self.find(try call.string(0, "participant"), by: control)
    case .context:
      try call.expect(atMost: 1)
      return .structure(try await control.call(try call.string(0, "call")).context.mapValues { .string($0) })
    case .recordings:
      try call.expect(atMost: 1)
      let options = try call.options(0, known: ["room", "from", "to", "context", "limit"])
      let context = try options.texts("context") ?? [:]
      guard context.count <= 1 else { throw XMLRPCFault.parameters("Member 'context' has one member to search by") }
      let query = RecordingQuery(
        room: try options.string("room"), from: try RecordingQuery.time(try options.string("from"), "from"),
        to: try RecordingQuery.time(try options.string("to"), "to"), contextKey: context.first?.key,
        contextValue: context.first?.value, limit: try options.integer("limit").map { min(max($0, 1), 200) })
      return .array(try await control.recordings(query).items.map(Self.value))
    }
  }

  /// Who is, or is called, so: each with the room that they are in.
  private static func find(_ text: String, by control: any ControlPlane) async throws -> XMLRPCValue {
    var found: [XMLRPCValue] = []
    for room in await control.rooms() {
      for member in room.members where [member.id, member.call, member.name, member.uri].contains(text) {
        guard case .structure(var members) = try value(member) else { continue }
        members["room"] = .string(room.name)
        found.append(.structure(members))
      }
    }
    return .array(found)
  }

  private static func value(_ description: some Encodable) throws -> XMLRPCValue {
    try JSONDecoder().decode(XMLRPCValue.self, from: try JSONEncoder().encode(description))
  }
}
