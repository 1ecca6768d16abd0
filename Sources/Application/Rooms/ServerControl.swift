import Conference

/// The control plane of a running server: passes each request to who can answer it.
package struct ServerControl: ControlPlane {
  private let directory: RoomDirectory
  private let callSwitch: any CallSwitch
  private let archive: Archive
  private let hub: EventHub
  private let hooks: Webhooks
  private let media: any MediaPlane
  private let version: String
  private let started: String
  private let beginDrain: @Sendable () async -> Void
  private let alerts: @Sendable () async -> [String]

  package init(
    directory: RoomDirectory, calls: any CallSwitch, archive: Archive, hub: EventHub, webhooks: Webhooks,
    media: any MediaPlane,
    version: String, started: String, beginDrain: @escaping @Sendable () async -> Void,
    alerts: @escaping @Sendable () async -> [String]
  ) {
    self.directory = directory
    self.callSwitch = calls
    self.archive = archive
    self.hub = hub
    self.hooks = webhooks
    self.media = media
    self.version = version
    self.started = started
    self.beginDrain = beginDrain
    self.alerts = alerts
  }

  package func rooms() async -> [RoomDescription] {
    await directory.measure()
    return await directory.descriptions
  }

  package func room(_ name: String) async throws(ControlError) -> RoomDescription {
    await directory.measure()
    return try await directory.description(of: name)
  }

  package func createRoom(_ request: RoomCreation) async throws(ControlError) -> RoomDescription {
    try await directory.create(request)
  }

  package func closeRoom(_ name: String) async throws(ControlError) { try await directory.closeRoom(name) }

  package func updateRoom(_ name: String, _ change: RoomChange) async throws(ControlError) -> RoomDescription {
    try await directory.change(name, change)
  }

  package func members(of room: String) async throws(ControlError) -> [MemberDescription] {
    await directory.measure()
    return try await directory.description(of: room).members
  }

  package func updateMember(_ id: String, in room: String, _ change: MemberChange) async throws(ControlError)
    -> MemberDescription
  { try await directory.changeMember(id, in: room, change) }

  package func removeMember(_ id: String, from room: String) async throws(ControlError) {
    try await directory.removeMember(id, from: room)
  }

  package func moveMember(_ id: String, from room: String, to other: String) async throws(ControlError)
    -> MemberDescription
  { try await directory.moveMember(id, from: room, to: other) }

  package func supervise(_ id: String, in room: String, _ request: SupervisionRequest) async throws(ControlError)
    -> MemberDescription
  { try await directory.supervise(id, in: room, request.mode) }

  package func consult(in room: String, _ request: ConsultRequest) async throws(ControlError) -> RoomDescription {
    try await directory.consult(request, in: room)
  }

  package func merge(_ room: String) async throws(ControlError) -> RoomDescription { try await directory.merge(room) }

  package func calls() async -> [CallDescription] {
    await directory.measure()
    let qualities = await directory.qualities
    return await callSwitch.calls().map { call in
      var call = call
      call.quality = qualities[call.id]
      return call
    }
  }

  package func call(_ id: String) async throws(ControlError) -> CallDescription {
    await directory.measure()
    var call = try await callSwitch.call(id)
    call.quality = await directory.qualities[id]
    return call
  }

  package func dial(_ request: DialRequest) async throws(ControlError) -> CallDescription {
    try await callSwitch.dial(request)
  }

  package func context(_ id: String) async throws(ControlError) -> ContextDescription {
    try await callSwitch.context(id)
  }

  package func widgets() async -> [WidgetDescription] { await callSwitch.widgets() }

  package func relays() async -> RelayDescription { await callSwitch.relays() }

  package func hangUp(_ call: String) async throws(ControlError) {
    let description = try await callSwitch.call(call)
    guard let member = description.member, let leg = MemberIdentifier.leg(member) else {
      throw ControlError(.conflict, "Call \(call) has ended")
    }
    await callSwitch.hangUp(leg, cause: "control")
  }

  package func prompts() async -> [PromptDescription] { await directory.prompts.descriptions }

  package func play(_ request: PlayRequest, in room: String) async throws(ControlError) -> PlayDescription {
    try await directory.play(request, in: room)
  }

  package func stopPlay(_ id: String, in room: String) async throws(ControlError) {
    try await directory.stopPlay(id, in: room)
  }

  package func startRecording(in room: String, _ request: RecordingRequest) async throws(ControlError)
    -> RecordingDescription
  {
    let id = try await directory.record(request, in: room)
    return try await archive.description(id.rawValue)
  }

  package func changeRecording(_ id: String, _ change: RecordingChange) async throws(ControlError)
    -> RecordingDescription
  {
    // An unknown one is not found, a finished one a conflict.
    _ = try await archive.description(id)
    try await directory.change(recording: RecordingID(id), change)
    return try await archive.description(id)
  }

  package func markRecording(_ id: String, _ note: String) async throws(ControlError) -> RecordingDescription {
    _ = try await archive.description(id)
    try await directory.mark(recording: RecordingID(id), note)
    return try await archive.description(id)
  }

  package func recordings(_ query: RecordingQuery) async throws(ControlError) -> Page<RecordingDescription> {
    try await archive.find(query)
  }

  package func recording(_ id: String) async throws(ControlError) -> RecordingDescription {
    try await archive.description(id)
  }

  package func recordingFile(
    _ id: String, name: String, for person: String, as kind: RecordingAccess.Kind
  ) async throws(ControlError) -> ArchivedContent {
    try await archive.content(id, file: name, for: person, as: kind)
  }

  package func exportRecording(_ id: String, for person: String) async throws(ControlError) -> ExportedRecording {
    try await archive.export(id, for: person)
  }

  package func annotateRecording(
    _ id: String, _ change: RecordingAnnotation, by person: String
  ) async throws(ControlError) -> RecordingDescription {
    try await archive.annotate(id, change, by: person)
  }

  package func recordingAccesses(_ id: String) async throws(ControlError) -> Page<RecordingAccess> {
    Page(items: try await archive.accesses(of: id))
  }

  package func deleteRecording(_ id: String, by person: String) async throws(ControlError) {
    guard try await archive.description(id).state.isClosed else {
      throw ControlError(.conflict, "Recording \(id) is being made: stop it first")
    }
    try await archive.delete(id, by: person)
  }

  package func verifyArchive(head: LedgerHead?) async { await archive.verify(head: head) }

  package func archiveVerification() async -> ArchiveVerification { await archive.verification }

  package func webhooks() async -> [WebhookDescription] { await hooks.descriptions }

  package func webhookDeliveries(of name: String) async throws(ControlError) -> [WebhookDeliveryDescription] {
    try await hooks.deliveries(of: name)
  }

  package func status() async -> ServerStatus {
    let calls = await callSwitch.calls().count { $0.state != .ended }
    let draining = await directory.isDraining
    let alerts = await alerts()
    return ServerStatus(
      version: version, started: started, draining: draining, rooms: await directory.descriptions.count, calls: calls,
      members: await directory.memberCount, recordings: await archive.openCount, load: media.load, ready: !draining,
      alerts: alerts)
  }

  package func drain() async {
    await directory.drain()
    await beginDrain()
  }

  package func events(after id: UInt64?) async -> AsyncStream<ServerEvent> { await hub.listen(after: id) }
}
