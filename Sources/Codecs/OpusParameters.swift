/// The receiver's wishes for an Opus stream, RFC 7587, section 6.1.
package struct OpusParameters: Hashable, Sendable, Codable {
  /// Bit/s below which there is no speech (RFC 7587, section 6.1).
  package static let minimumBitRate = 6_000
  /// `maxplaybackrate`, in hertz.
  package var maxPlaybackRate = 48_000
  /// `maxaveragebitrate`, in bit/s, or nil if not said.
  package var maxAverageBitRate: Int?
  /// `useinbandfec`
  package var useInbandFEC = false
  /// `usedtx`
  package var useDTX = false
  /// `cbr`
  package var constantBitRate = false
  /// `stereo`: the receiver prefers stereo.
  package var stereo = false
  /// Bit/s that no packet goes above, of a line that is narrow; nil for any. No parameter of SDP.
  package var peakBitRate: Int?
  package init() {}
}
