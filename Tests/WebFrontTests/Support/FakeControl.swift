import Application
import Synchronization

/// A control plane without a server: gives samples, keeps what it was asked, refuses what it is told to refuse.
final class FakeControl: ControlPlane {
  private struct State {
    var asked: [String] = []
    var refusal: ControlError?
    var path = ""
    var content: ArchivedContent?
    var query: RecordingQuery?
    var listener = ""
    var annotation: RecordingAnnotation?
    var head: LedgerHead?
    var streams: [AsyncStream<ServerEvent>.Continuation] = []
  }

  private let state = Mutex(State())

  /// What was asked since the last time.
  func takeAsked() -> [String] {
    state.withLock { state in
      defer { state.asked = [] }
      return state.asked
    }
  }

  var query: RecordingQuery? { state.withLock { $0.query } }
  /// Who got the last file, and for what.
  var listener: String { state.withLock { $0.listener } }
  var annotation: RecordingAnnotation? { state.withLock { $0.annotation } }
  var head: LedgerHead? { state.withLock { $0.head } }
  func refuse(_ error: ControlError?) { state.withLock { $0.refusal = error } }
  /// The file that every recording has.
  func serve(_ path: String) { state.withLock { $0.path = path } }
  func serve(_ content: ArchivedContent) { state.withLock { $0.content = content } }

  private func note(_ text: String) throws(ControlError) {
    let refusal = state.withLock { state in
      state.asked.append(text)
      return state.refusal
    }
    if let refusal { throw refusal }
  }

  private func noteQuietly(_ text: String) { state.withLock { $0.asked.append(text) } }

  func rooms() async -> [RoomDescription] {
    noteQuietly("rooms")
    return [Samples.room]
  }
  func room(_ name: String) async throws(ControlError) -> RoomDescription {
    try note("room \(name)")
    return Samples.room
  }
  func createRoom(_ request: RoomCreation) async throws(ControlError) -> RoomDescription {
    try note("create \(request.name)")
    return Samples.room
  }
  func closeRoom(_ name: String) async throws(ControlError) { try note("close \(name)") }
  func updateRoom(_ name: String, _ change: RoomChange) async throws(ControlError) -> RoomDescription {
    try note("update \(name)")
    return Samples.room
  }
  func members(of room: String) async throws(ControlError) -> [MemberDescription] {
    try note("members \(room)")
    return [Samples.member]
  }
  func updateMember(_ id: String, in room: String, _ change: MemberChange) async throws(ControlError)
    -> MemberDescription
  {
    try note("member \(id) \(room)")
    return Samples.member
  }
  func removeMember(_ id: String, from room: String) async throws(ControlError) { try note("remove \(id) \(room)") }
  func moveMember(_ id: String, from room: String, to other: String) async throws(ControlError) -> MemberDescription {
    try note("move \(id) \(room) \(other)")
    return Samples.member
  }
  func supervise(_ id: String, in room: String, _ request: SupervisionRequest) async throws(ControlError)
    -> MemberDescription
  {
    try note("\(request.mode.rawValue) \(id) \(room)")
    return Samples.member
  }
  func consult(in room: String, _ request: ConsultRequest) async throws(ControlError) -> RoomDescription {
    try note("consult \(room) \(request.members.joined(separator: " "))")
    return Samples.room
  }
  func merge(_ room: String) async throws(ControlError) -> RoomDescription {
    try note("merge \(room)")
    return Samples.room
  }
  func calls() async -> [CallDescription] {
    noteQuietly("calls")
    return [Samples.call]
  }
  func call(_ id: String) async throws(ControlError) -> CallDescription {
    try note("call \(id)")
    return Samples.call
  }
  func dial(_ request: DialRequest) async throws(ControlError) -> CallDescription {
    try note("dial \(request.uri)")
    return Samples.call
  }
  func context(_ id: String) async throws(ControlError) -> ContextDescription {
    try note("context \(id)")
    return Samples.context
  }
  func widgets() async -> [WidgetDescription] {
    noteQuietly("widgets")
    return [Samples.widget]
  }
  func relays() async -> RelayDescription {
    noteQuietly("relays")
    return Samples.relays
  }
  func hangUp(_ call: String) async throws(ControlError) { try note("hangup \(call)") }
  func prompts() async -> [PromptDescription] {
    noteQuietly("prompts")
    return [Samples.prompt]
  }
  func play(_ request: PlayRequest, in room: String) async throws(ControlError) -> PlayDescription {
    try note("play \(room)")
    return Samples.play
  }
  func stopPlay(_ id: String, in room: String) async throws(ControlError) { try note("stop \(id) \(room)") }
  func startRecording(in room: String, _ request: RecordingRequest) async throws(ControlError) -> RecordingDescription {
    try note("record \(room)")
    return Samples.recording
  }
  func changeRecording(_ id: String, _ change: RecordingChange) async throws(ControlError) -> RecordingDescription {
    try note("\(change.rawValue) \(id)")
    return Samples.recording
  }
  func markRecording(_ id: String, _ note: String) async throws(ControlError) -> RecordingDescription {
    try self.note("mark \(id) \(note)")
    return Samples.recording
  }
  func recordings(_ query: RecordingQuery) async throws(ControlError) -> Page<RecordingDescription> {
    try note("recordings")
    state.withLock { $0.query = query }
    return Page(items: [Samples.recording], next: "x|y")
  }
  func recording(_ id: String) async throws(ControlError) -> RecordingDescription {
    try note("recording \(id)")
    return Samples.recording
  }
  func recordingFile(
    _ id: String, name: String, for person: String, as kind: RecordingAccess.Kind
  ) async throws(ControlError) -> ArchivedContent {
    try note("file \(id) \(name)")
    state.withLock { $0.listener = "\(person) \(kind.rawValue)" }
    return state.withLock { $0.content ?? .plain(path: $0.path) }
  }
  func exportRecording(_ id: String, for person: String) async throws(ControlError) -> ExportedRecording {
    try note("export \(id)")
    return ExportedRecording(recording: Samples.recording, files: [], at: Samples.time, by: person)
  }
  func annotateRecording(_ id: String, _ change: RecordingAnnotation, by person: String)
    async throws(ControlError) -> RecordingDescription
  {
    try note("annotate \(id)")
    state.withLock { $0.annotation = change }
    return Samples.recording
  }
  func recordingAccesses(_ id: String) async throws(ControlError) -> Page<RecordingAccess> {
    try note("accesses \(id)")
    return Page(items: [Samples.access])
  }
  func deleteRecording(_ id: String, by person: String) async throws(ControlError) { try note("delete \(id)") }
  func verifyArchive(head: LedgerHead?) async {
    noteQuietly("verify")
    state.withLock { $0.head = head }
  }
  func archiveVerification() async -> ArchiveVerification {
    noteQuietly("verification")
    return Samples.verification
  }
  func webhooks() async -> [WebhookDescription] {
    noteQuietly("webhooks")
    return [Samples.webhook]
  }
  func webhookDeliveries(of name: String) async throws(ControlError) -> [WebhookDeliveryDescription] {
    try note("deliveries \(name)")
    return [Samples.delivery]
  }
  func status() async -> ServerStatus {
    noteQuietly("status")
    return Samples.status
  }
  func drain() async { noteQuietly("drain") }

  /// A stream that ends after two events.
  func events(after id: UInt64?) async -> AsyncStream<ServerEvent> {
    noteQuietly(id.map { "events after \($0)" } ?? "events")
    let (stream, continuation) = AsyncStream.makeStream(of: ServerEvent.self)
    for event in Samples.events { continuation.yield(event) }
    continuation.finish()
    return stream
  }
}
