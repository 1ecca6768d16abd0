import Primitives

/// What brings an interrupted file back to life.
package struct FileRepair: Sendable, Hashable {
  /// Octets to keep; the rest is torn.
  package var length: Int
  package var patches: [FilePatch]
  /// Samples of each channel (WAV), or the last granule position (Ogg Opus, 48 kHz with pre-skip).
  package var frames: Int
  package init(length: Int, patches: [FilePatch], frames: Int) {
    self.length = length
    self.patches = patches
    self.frames = frames
  }
}

extension WAVWriter {
  /// For a file that lost its writer: the sizes follow from the file's size. Nil if the header (at least the first 80
  /// octets) is not one that this writer makes.
  package static func repair(fileSize: Int, header: [UInt8]) -> FileRepair? {
    guard fileSize >= headerCount, header.count >= headerCount else { return nil }
    func text(_ offset: Int) -> String { String(decoding: header[offset..<offset + 4], as: UTF8.self) }
    func word(_ offset: Int, _ count: Int) -> Int {
      (0..<count).reduce(0) { $0 | Int(header[offset + $1]) << (8 * $1) }
    }
    guard ["RIFF", "RF64"].contains(text(0)), text(8) == "WAVE", ["JUNK", "ds64"].contains(text(12)),
      word(16, 4) == 28, text(48) == "fmt ", word(52, 4) == 16, word(56, 2) == 1, text(72) == "data",
      word(70, 2) == 16
    else { return nil }
    let channels = word(58, 2)
    let rate = word(60, 4)
    guard (1...64).contains(channels), rate > 0 else { return nil }
    var writer = WAVWriter(sampleRate: rate, channels: channels)
    let frames = (fileSize - headerCount) / (2 * channels)
    _ = writer.skip(samples: frames * channels)
    return FileRepair(
      length: headerCount + frames * channels * 2, patches: writer.patches(), frames: frames)
  }
}
