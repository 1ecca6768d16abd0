import Application

/// One of everything that the interface shows, with every member that it can have.
enum Samples {
  static let time = "2026-01-31T12:00:00.000Z"
  static let member = MemberDescription(
    id: "m1", call: "c1", name: "Alice", uri: "sip:alice@example.com", role: .moderator, joined: time, muted: false,
    deaf: false, held: false, masked: false, talking: true, codec: "opus", listeningGain: 0, talkingGain: -3,
    supervision: .whisper, heardBy: ["m2"], level: -23)
  static let room = RoomDescription(
    name: "3000", created: time, locked: false, sampleRate: 48_000, members: [member], recording: "r1",
    recordingPaused: false, consult: ["m1", "m2"])
  static let quality = CallQuality(
    packetsReceived: 1, packetsSent: 2, packetsLost: 0, jitter: 1, roundTripTime: 2, bufferDelay: 40)
  static let call = CallDescription(
    id: "c1", direction: .outgoing, state: .ended, from: "sip:a@example.com", to: "sip:b@example.com", room: "3000",
    member: "m1", started: time, answered: time, ended: time, cause: "hangup",
    context: CallContext(id: "c1", signed: ["order": "4711"], unsigned: [:], limit: 16),
    quality: quality)
  static let context = ContextDescription(
    id: "c1", signed: ["order": "4711"], unsigned: ["page": "https://shop.example/"], calls: ["c1"])
  static let widget = WidgetDescription(
    name: "support", destination: "sip:support@example.com", origins: ["https://shop.example"], language: "de",
    needsToken: true, calls: 1, maximumCalls: 100)
  static let relays = RelayDescription(
    iceServers: [.init(urls: ["turn:turn.example:3478"], username: "1800000000:a", credential: "b")], lifetime: 3_600)
  static let prompt = PromptDescription(name: "welcome", language: "en", duration: 1)
  static let play = PlayDescription(id: "7", room: "3000")
  static let recording = RecordingDescription(
    id: "r1", room: "3000", state: .finished, started: time, ended: time, duration: 2,
    files: [RecordingFileDescription(name: "mix.wav", octets: 44, sha256: "00", duration: 2)],
    parties: ["sip:alice@example.com"], pauses: [RecordingInterval(from: 0, to: 1)],
    masks: [RecordingMask(party: "sip:alice@example.com", from: 0, to: 1)],
    notices: [
      RecordingNotice(party: "sip:alice@example.com", prompt: "recording-notice", language: "en", heard: time)
    ],
    tracks: ["a": "sip:alice@example.com"],
    quality: [
      RecordingQuality(
        party: "sip:alice@example.com", codec: "opus", packetsReceived: 1, packetsLost: 0, packetsLate: 0,
        framesConcealed: 0, jitter: 1)
    ],
    context: ["order": "4711"],
    markers: [RecordingMarker(.talking, at: 0, to: 1, party: "sip:alice@example.com", name: "welcome")],
    tags: ["complaint"], legalHold: true,
    seal: RecordingSeal(number: 1, previous: "00", facts: "01", hash: "02"))
  static let access = RecordingAccess(
    recording: "r1", file: "mix.wav", kind: .listened, by: "local", at: time, last: time)
  static let verification: ArchiveVerification = {
    var report = ArchiveVerification(state: .done, started: time)
    report.ended = time
    report.head = LedgerHead(number: 1, hash: "00")
    let finding = ArchiveFinding(.fileAltered, "x", recording: "r1", file: "mix.wav", line: 1)
    report.findings = [finding]
    report.remarks = [finding]
    return report
  }()
  static let webhook = WebhookDescription(
    name: "crm", url: "https://crm.example/calls", events: ["call-start"], waiting: 1, lost: 0)
  static let delivery = WebhookDeliveryDescription(
    id: "crm-1", event: 1, name: "call-start", state: .delivered, attempts: 2, result: "204", started: time,
    changed: time)
  static let status = ServerStatus(
    version: "1", started: time, draining: false, rooms: 1, calls: 1, members: 1, recordings: 0, load: 0.1,
    ready: true, alerts: [])
  static let events = [
    ServerEvent(id: 1, time: time, name: "conf-join", values: ["room": "3000", "name": "A\n\nid: 9"]),
    ServerEvent(id: 2, time: time, name: "conf-leave", values: ["room": "3000"]),
  ]
}
