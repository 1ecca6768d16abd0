/// What to record of a room. Files are written below the directory that the runtime was configured with.
package struct RecordingPlan: Hashable, Sendable {
  package var id: RecordingID
  /// Directory of this recording, relative to the recordings root: `YYYY/MM/DD/<id>`.
  package var directory: String
  package var format: RecordingFormat
  /// A file per member as well, on the same sample clock.
  package var tracks: Bool
  /// Samples a second of WAV files: 8,000, 16,000 or 48,000. Ogg Opus always declares 48,000.
  package var sampleRate: Int
  /// What only some members hear is in the files as well.
  package var whispers: Bool
  /// A WebM file with picture and voice for each member that sends VP8, on the same clock.
  package var video: Bool

  package init(
    id: RecordingID, directory: String, format: RecordingFormat = .wav, tracks: Bool = false, sampleRate: Int = 16_000,
    whispers: Bool = false, video: Bool = false
  ) {
    self.id = id
    self.directory = directory
    self.format = format
    self.tracks = tracks
    self.sampleRate = sampleRate
    self.whispers = whispers
    self.video = video
  }
}

/// How recordings are stored.
package enum RecordingFormat: String, Hashable, Sendable, Codable { case wav, opus }

/// One file of a recording, as it lies on disk when the recording has ended.
package struct RecordedFile: Hashable, Sendable, Codable {
  /// `mix.wav`, `mix.opus`, `<leg>.wav`, `<leg>.opus`, `<leg>.webm`.
  package var name: String
  /// Nil for the mix.
  package var leg: LegID?
  /// Frames of the timeline that the file holds, in samples of `sampleRate`.
  package var samples: Int64
  package var sampleRate: Int
  package var octets: Int64
  /// Lower-case hex.
  package var sha256: String
  /// Octets that the disk did not take in time; 0 for a whole file.
  package var droppedOctets: Int64
  package init(
    name: String, leg: LegID?, samples: Int64, sampleRate: Int, octets: Int64, sha256: String, droppedOctets: Int64
  ) {
    self.name = name
    self.leg = leg
    self.samples = samples
    self.sampleRate = sampleRate
    self.octets = octets
    self.sha256 = sha256
    self.droppedOctets = droppedOctets
  }
}
