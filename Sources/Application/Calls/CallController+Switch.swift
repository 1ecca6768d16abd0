import Conference

/// What rooms and control plane ask of the calls.
extension CallController: CallSwitch {
  package func calls() async -> [CallDescription] {
    let live = table.values.sorted { ($0.started, $0.id) < ($1.started, $1.id) }
    let rooms = await reception.rooms(of: live.filter { !$0.hasLeft }.map(\.seat.leg))
    return live.map { $0.description(room: rooms[$0.seat.leg]) }
  }

  package func call(_ id: String) async throws(ControlError) -> CallDescription {
    guard let call = table[id] else {
      throw ControlError(.notFound, "No call '\(id.prefix(40))': GET /api/v1/calls lists those that are known")
    }
    let rooms = await reception.rooms(of: [call.seat.leg])
    return (table[id] ?? call).description(room: rooms[call.seat.leg])
  }
}
