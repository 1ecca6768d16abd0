extension WAVWriter {
  /// A whole file with one clip.
  package static func file(_ clip: AudioClip) -> [UInt8] {
    var writer = WAVWriter(sampleRate: clip.sampleRate)
    let samples = writer.append(clip.samples.span)
    // The header knows what was appended by now.
    return writer.start() + samples
  }
}
