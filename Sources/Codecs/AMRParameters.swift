/// How AMR or AMR-WB goes over RTP and what the receiver takes, RFC 4867, section 8.
package struct AMRParameters: Hashable, Sendable, Codable {
  /// `octet-align`: whether each frame begins at an octet.
  package var octetAligned = false
  /// `mode-set`, rising; nil if every mode may be sent.
  package var modes: [Int]?
  /// `mode-change-period`: the mode changes only every so many frames, 1 or 2.
  package var modeChangePeriod = 1
  /// `mode-change-capability`: whether the sender of this can keep to a period of 2.
  package var canKeepToPeriod = false
  /// `mode-change-neighbor`: the mode changes only to the next one of the set.
  package var onlyNeighbours = false
  /// `max-red`, in milliseconds: how late a frame may be sent once more; nil if not said. This server repeats none.
  package var maximumRedundancy: Int?
  /// `crc=1`, `robust-sorting=1` or `interleaving`, none of which is spoken here: such a format is not to be taken.
  package var needsWhatIsNotSpoken = false

  package init() {}

  /// Whether such a stream can be received and sent here.
  package func isSpoken(band: AMRBand) -> Bool {
    !needsWhatIsNotSpoken && (0...band.highestSentMode).contains { allows($0) }
  }

  /// Whether a mode may be sent.
  package func allows(_ mode: Int) -> Bool { modes?.contains(mode) ?? true }
}
