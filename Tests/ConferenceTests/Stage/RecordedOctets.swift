import Audio
import Codecs
import Conference

/// The files that a room's recordings would have written.
struct RecordedOctets {
  private(set) var octets: [RecordingFile: [UInt8]] = [:]
  private(set) var names: [RecordingFile: String] = [:]
  private(set) var finished: [RecordingID: [RecordedFile]] = [:]
  private(set) var directories: [RecordingID: String] = [:]
  private(set) var writes = 0

  mutating func take(_ write: RecordingWrite) {
    writes += 1
    switch write {
    case .open(let recording, let directory): directories[recording] = directory
    case .create(let file, let name):
      octets[file] = []
      names[file] = name
    case .append(let file, let bytes): octets[file, default: []] += bytes
    case .zeros(let file, let count): octets[file, default: []] += repeatElement(0, count: Int(count))
    case .patch(let file, let offset, let bytes):
      for (place, byte) in bytes.enumerated() where Int(offset) + place < octets[file]?.count ?? 0 {
        octets[file]?[Int(offset) + place] = byte
      }
    case .finish(let recording, let files): finished[recording] = files
    }
  }

  func bytes(_ recording: RecordingID, name: String) -> [UInt8] {
    for (file, found) in names where file.recording == recording && found == name { return octets[file] ?? [] }
    return []
  }

  /// The samples of a WAV.
  func wave(_ recording: RecordingID, name: String = "mix.wav") throws -> AudioClip {
    try WAVReader.parse(bytes(recording, name: name))
  }

  /// The samples of an Ogg Opus file at 48 kHz: pre-skip cut off, trimmed to the last page's position.
  func opus(_ recording: RecordingID, name: String = "mix.opus") throws -> [Int16] {
    let reader = try OggOpusReader(bytes(recording, name: name))
    var decoder = AudioDecoder(format: .opus, outputRate: 48_000)
    var samples: [Int16] = []
    for packet in reader.packets {
      var buffer = [Int16](repeating: 0, count: 5_760)
      var span = buffer.mutableSpan
      let count = decoder.decode(packet.span, into: &span)
      samples += buffer[..<count]
    }
    let end = min(Int(reader.granule ?? 0), samples.count)
    return Array(samples[min(reader.preSkip, end)..<end])
  }
}
