/// A recording as people and programs see it: `recording.json`, the index and the REST interface say the same.
package struct RecordingDescription: Codable, Hashable, Sendable {
  package var id: String
  package var room: String
  package var state: RecordingState
  package var started: String
  package var ended: String?
  /// Seconds on the server's clock.
  package var duration: Double
  package var files: [RecordingFileDescription]
  package var parties: [String]
  package var pauses: [RecordingInterval]
  /// When whose voice and digits were kept out.
  package var masks: [RecordingMask]
  /// Who heard that the call is recorded.
  package var notices: [RecordingNotice]
  /// Whose voice a track holds, by the track's name without its suffix.
  package var tracks: [String: String]
  /// How well each party was received, one entry for each of its calls that has ended.
  package var quality: [RecordingQuality]
  package var context: [String: String]
  /// What happened in it, in the order of time; lists of recordings leave it out.
  package var markers: [RecordingMarker]
  /// Words that people have put on it.
  package var tags: [String]
  /// It is not deleted, however old, until somebody says so.
  package var legalHold: Bool
  /// Its place in the chain, from when it is closed.
  package var seal: RecordingSeal?

  package init(
    id: String, room: String, state: RecordingState, started: String, ended: String? = nil, duration: Double,
    files: [RecordingFileDescription], parties: [String], pauses: [RecordingInterval], masks: [RecordingMask] = [],
    notices: [RecordingNotice] = [], tracks: [String: String] = [:], quality: [RecordingQuality] = [],
    context: [String: String], markers: [RecordingMarker] = [], tags: [String] = [], legalHold: Bool = false,
    seal: RecordingSeal? = nil
  ) {
    self.id = id
    self.room = room
    self.state = state
    self.started = started
    self.ended = ended
    self.duration = duration
    self.files = files
    self.parties = parties
    self.pauses = pauses
    self.masks = masks
    self.notices = notices
    self.tracks = tracks
    self.quality = quality
    self.context = context
    self.markers = markers
    self.tags = tags
    self.legalHold = legalHold
    self.seal = seal
  }
}

package enum RecordingState: String, Codable, Hashable, Sendable {
  case recording, paused, finished, recovered, failed

  /// Nothing more is written to its files.
  package var isClosed: Bool {
    switch self {
    case .recording, .paused: false
    case .finished, .recovered, .failed: true
    }
  }
}

/// What an older `recording.json` or row did not have yet reads as empty: a recording is never lost to a newer server.
extension RecordingDescription {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    func list<Value: Decodable>(_ key: CodingKeys) throws -> [Value] {
      try container.decodeIfPresent([Value].self, forKey: key) ?? []
    }
    func table(_ key: CodingKeys) throws -> [String: String] {
      try container.decodeIfPresent([String: String].self, forKey: key) ?? [:]
    }
    self.init(
      id: try container.decode(String.self, forKey: .id), room: try container.decode(String.self, forKey: .room),
      state: try container.decode(RecordingState.self, forKey: .state),
      started: try container.decode(String.self, forKey: .started),
      ended: try container.decodeIfPresent(String.self, forKey: .ended),
      duration: try container.decodeIfPresent(Double.self, forKey: .duration) ?? 0, files: try list(.files),
      parties: try list(.parties), pauses: try list(.pauses), masks: try list(.masks), notices: try list(.notices),
      tracks: try table(.tracks), quality: try list(.quality), context: try table(.context),
      markers: try list(.markers), tags: try list(.tags),
      legalHold: try container.decodeIfPresent(Bool.self, forKey: .legalHold) ?? false,
      seal: try container.decodeIfPresent(RecordingSeal.self, forKey: .seal))
  }
}
