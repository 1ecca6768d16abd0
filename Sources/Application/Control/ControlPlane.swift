/// Everything that REST, XML-RPC, the console and the CLI can ask of the server, behind one permission check.
///
/// Names of rooms and members are those of the REST paths. Each call throws `ControlError`, which says what, where and
/// what to do.
package protocol ControlPlane: Sendable {
  // Rooms
  func rooms() async -> [RoomDescription]
  func room(_ name: String) async throws(ControlError) -> RoomDescription
  func createRoom(_ request: RoomCreation) async throws(ControlError) -> RoomDescription
  func closeRoom(_ name: String) async throws(ControlError)
  func updateRoom(_ name: String, _ change: RoomChange) async throws(ControlError) -> RoomDescription

  // Members
  func members(of room: String) async throws(ControlError) -> [MemberDescription]
  func updateMember(_ id: String, in room: String, _ change: MemberChange) async throws(ControlError)
    -> MemberDescription
  func removeMember(_ id: String, from room: String) async throws(ControlError)
  func moveMember(_ id: String, from room: String, to other: String) async throws(ControlError) -> MemberDescription

  /// The member becomes a supervisor who listens, whispers to the agents, or is heard by all.
  func supervise(_ id: String, in room: String, _ request: SupervisionRequest) async throws(ControlError)
    -> MemberDescription
  /// Members speak apart from the room until `merge`.
  func consult(in room: String, _ request: ConsultRequest) async throws(ControlError) -> RoomDescription
  func merge(_ room: String) async throws(ControlError) -> RoomDescription

  // Calls
  func calls() async -> [CallDescription]
  func call(_ id: String) async throws(ControlError) -> CallDescription
  func dial(_ request: DialRequest) async throws(ControlError) -> CallDescription
  func hangUp(_ call: String) async throws(ControlError)
  /// What is known of a customer, by its own name: it outlives the call that brought it.
  func context(_ id: String) async throws(ControlError) -> ContextDescription
  func widgets() async -> [WidgetDescription]
  /// Credentials of TURN servers for one browser.
  func relays() async -> RelayDescription

  // Announcements
  func prompts() async -> [PromptDescription]
  func play(_ request: PlayRequest, in room: String) async throws(ControlError) -> PlayDescription
  func stopPlay(_ id: String, in room: String) async throws(ControlError)

  // Recordings
  func startRecording(in room: String, _ request: RecordingRequest) async throws(ControlError) -> RecordingDescription
  func changeRecording(_ id: String, _ change: RecordingChange) async throws(ControlError) -> RecordingDescription
  /// Marks this moment of a recording that is being made; `note` says why, or nothing.
  func markRecording(_ id: String, _ note: String) async throws(ControlError) -> RecordingDescription
  func recordings(_ query: RecordingQuery) async throws(ControlError) -> Page<RecordingDescription>
  func recording(_ id: String) async throws(ControlError) -> RecordingDescription
  /// A file of a finished recording, checked to lie in the archive. Who hears it is on record then.
  func recordingFile(_ id: String, name: String, for person: String, as kind: RecordingAccess.Kind)
    async throws(ControlError) -> ArchivedContent
  func exportRecording(_ id: String, for person: String) async throws(ControlError) -> ExportedRecording
  func annotateRecording(_ id: String, _ change: RecordingAnnotation, by person: String)
    async throws(ControlError) -> RecordingDescription
  func recordingAccesses(_ id: String) async throws(ControlError) -> Page<RecordingAccess>
  func deleteRecording(_ id: String, by person: String) async throws(ControlError)
  /// Begins an examination of the archive, unless one goes on. `head`: an end of the ledger that was noted before.
  func verifyArchive(head: LedgerHead?) async
  func archiveVerification() async -> ArchiveVerification

  // Webhooks
  func webhooks() async -> [WebhookDescription]
  /// The newest first.
  func webhookDeliveries(of name: String) async throws(ControlError) -> [WebhookDeliveryDescription]

  // The server
  func status() async -> ServerStatus
  func drain() async
  /// Everything that happens, from now on, or after an event that was had before. What is missing in between is told by a
  /// `gap`; so are slow readers, who lose the oldest events, by the jump of the identifiers.
  func events(after id: UInt64?) async -> AsyncStream<ServerEvent>
}
