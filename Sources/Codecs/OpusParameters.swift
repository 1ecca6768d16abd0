/// The receiver's wishes for an Opus stream, RFC 7587, section 6.1.
package struct OpusParameters: Hashable, Sendable, Codable {
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
  package init() {}
}
