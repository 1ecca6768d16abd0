import Crypto

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What a closed recording is, as against what is said about it later: that which its hash in the chain covers.
///
/// Quality, tags and legal hold may change after the close and stand outside. The canonical form is JSON with sorted
/// keys; what is empty is left out, so that a member that a newer server knows changes no older hash.
struct RecordingFacts: Encodable {
  var id: String
  var room: String
  var state: RecordingState
  var started: String
  var ended: String?
  var duration: Double
  var files: [RecordingFileDescription]?
  var parties: [String]?
  var pauses: [RecordingInterval]?
  var masks: [RecordingMask]?
  var notices: [RecordingNotice]?
  var tracks: [String: String]?
  var context: [String: String]?
  var markers: [RecordingMarker]?

  init(_ recording: RecordingDescription) {
    func some<Value: Collection>(_ value: Value) -> Value? { value.isEmpty ? nil : value }
    id = recording.id
    room = recording.room
    state = recording.state
    started = recording.started
    ended = recording.ended
    duration = recording.duration
    files = some(recording.files)
    parties = some(recording.parties)
    pauses = some(recording.pauses)
    masks = some(recording.masks)
    notices = some(recording.notices)
    tracks = some(recording.tracks)
    context = some(recording.context)
    markers = some(recording.markers)
  }

  /// SHA-256 in lower-case hex; throws if a number is none.
  func hash() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return HexText.text(SHA256.hash(data: try encoder.encode(self)))
  }
}
