/// What the control plane shows. Times are RFC 3339 in UTC; identifiers are opaque text.
package struct RoomDescription: Codable, Hashable, Sendable {
  package var name: String
  package var created: String
  package var locked: Bool
  /// In hertz: 8,000, 16,000 or 48,000.
  package var sampleRate: Int
  package var members: [MemberDescription]
  /// Of the recording that runs, if any.
  package var recording: String?
  /// Whether it pauses.
  package var recordingPaused: Bool?
  /// The members who speak apart, if any.
  package var consult: [String]?

  package init(
    name: String, created: String, locked: Bool, sampleRate: Int, members: [MemberDescription],
    recording: String? = nil, recordingPaused: Bool? = nil, consult: [String]? = nil
  ) {
    self.name = name
    self.created = created
    self.locked = locked
    self.sampleRate = sampleRate
    self.members = members
    self.recording = recording
    self.recordingPaused = recordingPaused
    self.consult = consult
  }
}

package struct MemberDescription: Codable, Hashable, Sendable {
  package var id: String
  package var call: String
  /// The display name, or the user part of the address.
  package var name: String
  package var uri: String
  package var role: MemberRole
  package var joined: String
  package var muted: Bool
  package var deaf: Bool
  package var held: Bool
  /// Voice and digits reach neither the others nor a recording.
  package var masked: Bool
  package var talking: Bool
  package var codec: String
  /// In decibels.
  package var listeningGain: Double
  package var talkingGain: Double
  /// How a supervisor takes part.
  package var supervision: Supervision?
  /// Members who hear this one; nil for all the others.
  package var heardBy: [String]?
  /// Of the voice, in dBFS, as it was last measured.
  package var level: Double?

  package init(
    id: String, call: String, name: String, uri: String, role: MemberRole, joined: String, muted: Bool, deaf: Bool,
    held: Bool, masked: Bool, talking: Bool, codec: String, listeningGain: Double, talkingGain: Double,
    supervision: Supervision? = nil, heardBy: [String]? = nil, level: Double? = nil
  ) {
    self.id = id
    self.call = call
    self.name = name
    self.uri = uri
    self.role = role
    self.joined = joined
    self.muted = muted
    self.deaf = deaf
    self.held = held
    self.masked = masked
    self.talking = talking
    self.codec = codec
    self.listeningGain = listeningGain
    self.talkingGain = talkingGain
    self.supervision = supervision
    self.heardBy = heardBy
    self.level = level
  }
}

package struct CallDescription: Codable, Hashable, Sendable {
  package var id: String
  package var direction: CallDirection
  package var state: CallPhase
  package var from: String
  package var to: String
  package var room: String?
  package var member: String?
  package var started: String
  package var answered: String?
  package var ended: String?
  /// Why it ended: a SIP status or a word such as `hangup`, `media-timeout`.
  package var cause: String?
  package var context: [String: String]
  /// Names in the context that the shop's back end has signed.
  package var signed: [String]
  /// Of the context: what was brought by another call keeps its name.
  package var contextID: String
  package var quality: CallQuality?

  package init(
    id: String, direction: CallDirection, state: CallPhase, from: String, to: String, room: String? = nil,
    member: String? = nil, started: String, answered: String? = nil, ended: String? = nil, cause: String? = nil,
    context: CallContext, quality: CallQuality? = nil
  ) {
    self.id = id
    self.direction = direction
    self.state = state
    self.from = from
    self.to = to
    self.room = room
    self.member = member
    self.started = started
    self.answered = answered
    self.ended = ended
    self.cause = cause
    self.context = context.values
    signed = context.signed.sorted()
    contextID = context.id
    self.quality = quality
  }
}

package enum CallDirection: String, Codable, Hashable, Sendable { case incoming, outgoing }
package enum CallPhase: String, Codable, Hashable, Sendable { case trying, ringing, answered, ended }

package struct CallQuality: Codable, Hashable, Sendable {
  package var packetsReceived: UInt64
  package var packetsSent: UInt64
  package var packetsLost: UInt64
  /// Milliseconds.
  package var jitter: Double
  package var roundTripTime: Double?
  package var bufferDelay: Double

  package init(
    packetsReceived: UInt64, packetsSent: UInt64, packetsLost: UInt64, jitter: Double,
    roundTripTime: Double? = nil, bufferDelay: Double
  ) {
    self.packetsReceived = packetsReceived
    self.packetsSent = packetsSent
    self.packetsLost = packetsLost
    self.jitter = jitter
    self.roundTripTime = roundTripTime
    self.bufferDelay = bufferDelay
  }
}

package struct PromptDescription: Codable, Hashable, Sendable {
  package var name: String
  package var language: String
  /// Seconds.
  package var duration: Double

  package init(
    name: String, language: String, duration: Double
  ) {
    self.name = name
    self.language = language
    self.duration = duration
  }
}

package struct PlayDescription: Codable, Hashable, Sendable {
  package var id: String
  package var room: String

  package init(
    id: String, room: String
  ) {
    self.id = id
    self.room = room
  }
}

/// Seconds from the start of the recording; `to` is nil while it lasts.
package struct RecordingInterval: Codable, Hashable, Sendable {
  package var from: Double
  package var to: Double?

  package init(
    from: Double, to: Double? = nil
  ) {
    self.from = from
    self.to = to
  }
}

/// A time in which a member's voice and digits reached neither the others nor the files; seconds as in `RecordingInterval`.
package struct RecordingMask: Codable, Hashable, Sendable {
  package var party: String
  package var from: Double
  package var to: Double?

  package init(party: String, from: Double, to: Double? = nil) {
    self.party = party
    self.from = from
    self.to = to
  }
}

/// A member heard a prompt to its end that says that the call is recorded.
package struct RecordingNotice: Codable, Hashable, Sendable {
  package var party: String
  package var prompt: String
  package var language: String
  /// RFC 3339: the end of the prompt.
  package var heard: String

  package init(party: String, prompt: String, language: String, heard: String) {
    self.party = party
    self.prompt = prompt
    self.language = language
    self.heard = heard
  }
}

package struct ServerStatus: Codable, Hashable, Sendable {
  package var version: String
  package var started: String
  package var draining: Bool
  package var rooms: Int
  package var calls: Int
  package var members: Int
  package var recordings: Int
  /// Of the busiest media loop, 0 to 1.
  package var load: Double
  /// False, with a reason in `alerts`, when new calls are refused.
  package var ready: Bool
  package var alerts: [String]

  package init(
    version: String, started: String, draining: Bool, rooms: Int, calls: Int, members: Int, recordings: Int,
    load: Double, ready: Bool, alerts: [String]
  ) {
    self.version = version
    self.started = started
    self.draining = draining
    self.rooms = rooms
    self.calls = calls
    self.members = members
    self.recordings = recordings
    self.load = load
    self.ready = ready
    self.alerts = alerts
  }
}

package struct ServerEvent: Codable, Hashable, Sendable {
  /// Counts up by one; the `id:` of the event stream.
  package var id: UInt64
  package var time: String
  /// One of the event names of the interface: `call-start`, `conf-join`, `prompt`, `recording` …
  package var name: String
  /// What it is about: `room`, `call`, `member`, `recording`, and details.
  package var values: [String: String]

  package init(
    id: UInt64, time: String, name: String, values: [String: String]
  ) {
    self.id = id
    self.time = time
    self.name = name
    self.values = values
  }
}

package struct Page<Item: Codable & Hashable & Sendable>: Codable, Hashable, Sendable {
  package var items: [Item]
  /// Pass it as `cursor` to get the next page; nil at the end.
  package var next: String?

  package init(
    items: [Item], next: String? = nil
  ) {
    self.items = items
    self.next = next
  }
}
