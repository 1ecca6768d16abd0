import Conference

/// What the rooms ask of the calls; `CallController` implements it.
package protocol CallSwitch: Sendable {
  func hangUp(_ leg: LegID, cause: String) async
  func dial(_ request: DialRequest) async throws(ControlError) -> CallDescription
  func conferenceChanged(_ room: RoomID) async
  func calls() async -> [CallDescription]
  func call(_ id: String) async throws(ControlError) -> CallDescription
  func context(_ id: String) async throws(ControlError) -> ContextDescription
  func widgets() async -> [WidgetDescription]
  func relays() async -> RelayDescription
}
