/// The kinds of files that are read here, told by how they begin: names lie.
package enum AudioFileKind: Sendable, Hashable, CaseIterable {
  case wav, au, oggOpus, oggSpeex, ilbc, amr, amrWideband

  /// Octets that are enough to tell.
  package static let needed = OggPage.headerCount + 255 + 8

  /// Nil for every other file.
  package init?(_ start: [UInt8]) {
    func begins(_ text: String) -> Bool { start.starts(with: text.utf8) }
    if begins("RIFF") || begins("RF64"), start.dropFirst(8).starts(with: "WAVE".utf8) {
      self = .wav
    } else if begins(".snd") {
      self = .au
    } else if begins("#!iLBC") {
      self = .ilbc
    } else if begins("#!AMR-WB") {
      self = .amrWideband
    } else if begins("#!AMR") {
      self = .amr
    } else if begins("OggS"), start.count > OggPage.headerCount {
      let body = start.dropFirst(OggPage.headerCount + Int(start[OggPage.headerCount - 1]))
      if body.starts(with: "OpusHead".utf8) {
        self = .oggOpus
      } else if body.starts(with: OggSpeexHeader.signature) {
        self = .oggSpeex
      } else {
        return nil
      }
    } else {
      return nil
    }
  }
}
