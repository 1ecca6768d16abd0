/// One audio file of a recording.
package struct RecordingFileDescription: Codable, Hashable, Sendable {
  package var name: String
  package var octets: Int64
  package var sha256: String
  package var duration: Double
  /// That the disk did not take in time; 0 for a whole file.
  package var droppedOctets: Int64

  package init(
    name: String, octets: Int64, sha256: String, duration: Double, droppedOctets: Int64 = 0
  ) {
    self.name = name
    self.octets = octets
    self.sha256 = sha256
    self.duration = duration
    self.droppedOctets = droppedOctets
  }
}

extension RecordingFileDescription {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      name: try container.decode(String.self, forKey: .name),
      octets: try container.decode(Int64.self, forKey: .octets),
      sha256: try container.decode(String.self, forKey: .sha256),
      duration: try container.decode(Double.self, forKey: .duration),
      droppedOctets: try container.decodeIfPresent(Int64.self, forKey: .droppedOctets) ?? 0)
  }
}
