import Codecs

/// What the control plane is asked. Absent members mean "leave as it is" or "by configuration".
package struct RoomCreation: Codable, Hashable, Sendable {
  package var name: String
  /// Digits; callers without it are asked.
  package var pin: String?
  package var moderatorPIN: String?
  package var language: String?
  package var record: Bool?

  package init(
    name: String, pin: String? = nil, moderatorPIN: String? = nil, language: String? = nil, record: Bool? = nil
  ) {
    self.name = name
    self.pin = pin
    self.moderatorPIN = moderatorPIN
    self.language = language
    self.record = record
  }
}

package struct RoomChange: Codable, Hashable, Sendable {
  package var locked: Bool?
  /// Mutes or unmutes every participant; moderators stay as they are.
  package var allMuted: Bool?

  package init(
    locked: Bool? = nil, allMuted: Bool? = nil
  ) {
    self.locked = locked
    self.allMuted = allMuted
  }
}

package struct MemberChange: Codable, Hashable, Sendable {
  package var muted: Bool?
  package var deaf: Bool?
  package var held: Bool?
  package var masked: Bool?
  /// Decibels, −30 to 12.
  package var listeningGain: Double?
  package var talkingGain: Double?

  package init(
    muted: Bool? = nil, deaf: Bool? = nil, held: Bool? = nil, masked: Bool? = nil, listeningGain: Double? = nil,
    talkingGain: Double? = nil
  ) {
    self.muted = muted
    self.deaf = deaf
    self.held = held
    self.masked = masked
    self.listeningGain = listeningGain
    self.talkingGain = talkingGain
  }
}

package struct SupervisionRequest: Codable, Hashable, Sendable {
  package var mode: Supervision

  package init(mode: Supervision) { self.mode = mode }
}

/// Who is to speak apart from the room.
package struct ConsultRequest: Codable, Hashable, Sendable {
  /// Identifiers of 2 to 8 members.
  package var members: [String]

  package init(members: [String]) { self.members = members }
}

package struct DialRequest: Codable, Hashable, Sendable {
  /// A SIP URI.
  package var uri: String
  package var room: String
  /// Shown to the called party; by configuration if absent.
  package var from: String?
  /// Extra headers; only `X-` headers and `User-to-User` are allowed.
  package var headers: [String: String]?
  package var context: [String: String]?
  /// Of a call that is there: what is known of its customer goes along, and what of it is signed stays signed.
  package var contextID: String?
  package var role: MemberRole?
  /// Seconds to ring; 30 if absent.
  package var timeout: Int?
  /// What may be offered, best first; all that the room speaks if absent.
  package var codecs: [CodecName]?
  /// What must not be offered.
  package var codecsDenied: [CodecName]?
  /// What the caller has with whom this call is for; comes from rooms and flows, never from outside.
  package var brought: CallContext?

  private enum CodingKeys: String, CodingKey {
    case uri, room, from, headers, context, contextID, role, timeout, codecs, codecsDenied
  }

  package init(
    uri: String, room: String, from: String? = nil, headers: [String: String]? = nil,
    context: [String: String]? = nil, contextID: String? = nil, role: MemberRole? = nil, timeout: Int? = nil,
    codecs: [CodecName]? = nil, codecsDenied: [CodecName]? = nil, brought: CallContext? = nil
  ) {
    self.uri = uri
    self.room = room
    self.from = from
    self.headers = headers
    self.context = context
    self.contextID = contextID
    self.role = role
    self.timeout = timeout
    self.codecs = codecs
    self.codecsDenied = codecsDenied
    self.brought = brought
  }
}

package struct PlayRequest: Codable, Hashable, Sendable {
  /// Names of prompts, played in order.
  package var prompts: [String]
  package var language: String?
  /// Of one listener; everyone if absent.
  package var member: String?
  package var loop: Bool?
  /// Decibels.
  package var gain: Double?

  package init(
    prompts: [String], language: String? = nil, member: String? = nil, loop: Bool? = nil, gain: Double? = nil
  ) {
    self.prompts = prompts
    self.language = language
    self.member = member
    self.loop = loop
    self.gain = gain
  }
}

package struct RecordingRequest: Codable, Hashable, Sendable {
  /// `wav` or `opus`.
  package var format: String?
  package var tracks: Bool?
  /// The members' pictures as well.
  package var video: Bool?
  /// Tells the members by a prompt; true if absent.
  package var notice: Bool?

  package init(
    format: String? = nil, tracks: Bool? = nil, video: Bool? = nil, notice: Bool? = nil
  ) {
    self.format = format
    self.tracks = tracks
    self.video = video
    self.notice = notice
  }
}

package enum RecordingChange: String, Codable, Hashable, Sendable { case pause, resume, stop }
